/** A plan of deaths leaves no arrow of an order's life out, and is the same for the same seed. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { planKills } from './kills.ts';

const plan = (seed: string, kills: number) => planKills(seededRandom(seed), kills);
const ARROWS = ['order.intended', 'order.sent', 'order.working', 'order.filled', 'order.ended'];
const POINTS = ['commit.before', 'commit.during', 'commit.after', 'commit.fail', 'commit.unknown', 'db.down'];

describe('a plan of kills', () => {
  test.each(['1', '2', '3'])('of a hundred has every failpoint at every arrow: seed %s', (seed) => {
    const failpoints = plan(seed, 100).map(({ failpoint = '' }) => failpoint);
    const missing = POINTS.flatMap((point) => ARROWS.map((arrow) => ({ point, arrow }))).filter(
      ({ point, arrow }) => !failpoints.some((one) => one.startsWith(`${point}@`) && one.endsWith(`:${arrow}`)),
    );
    expect(missing).toEqual([]);
  });

  test('dies in every way, is the same for the same seed, and another for another', () => {
    expect([...new Set(plan('1', 13).map(({ dies }) => dies))].sort()).toEqual([
      ...['itself', 'recovered', 'running', 'starting', 'told'],
    ]);
    expect(plan('1', 30)).toEqual(plan('1', 30));
    expect(plan('1', 30)).not.toEqual(plan('2', 30));
  });
});
