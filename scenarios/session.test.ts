/** When a session looks at the whole world, and what it sees there that is gone again at the end. */
import { expect, test } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import type { SimulatedPlace } from '../db/simulated/database.ts';
import type { StoredState } from '../runtime/store.ts';
import { withoutAmbient } from './ambient.ts';
import { Person } from './people/person.ts';
import { REST_WITHIN_MS, Session } from './session.ts';
import { simulatedSettings } from './settings.ts';
import { defectAt } from './testing/defects.ts';
import type { WorldOptions } from './world-options.ts';

const MINUTE_MS = 60_000;

/** A place whose rows can be shown otherwise than they are stored. */
class Mirror {
  readonly place: SimulatedPlace;
  bend: ((stored: StoredState) => StoredState) | undefined;

  constructor() {
    const place = openMemory();
    const { store } = place;
    const load: typeof store.load = async (agent, sleeping) => {
      const stored = await store.load(agent, sleeping);
      return this.bend ? this.bend(stored) : stored;
    };
    const commit: typeof store.commit = (group) => store.commit(group);
    const records: typeof store.records = (after, limit) => store.records(after, limit);
    const rest = { open: (world: string) => store.open(world), takeEpoch: () => store.takeEpoch() };
    const find: typeof store.find = (agent, entities) => store.find(agent, entities);
    const due: typeof store.due = (rows) => store.due(rows);
    this.place = { ...place, store: { ...rest, load, find, due, commit, records, close: async () => undefined } };
  }
}

async function bought(mirror: Mirror, more: Partial<WorldOptions> = {}): Promise<Session> {
  const { place } = mirror;
  const session = new Session({ seed: 'looks', place, settings: simulatedSettings(), symbols: ['AAPL'], ...more });
  const { world } = session;
  await session.open();
  const ann = new Person(world, 'ann', 'test-bearer-token', world.random.fork('ann'));
  const trader = { name: 'ann', type: 'trading', config: { budget: 100_000 }, userId: 'user-123' };
  const order = { symbol: 'AAPL', side: 'buy', quantity: 1, price: 150, type: 'market' };
  void ann.insist('POST', '/api/v1/agents', trader).then((answer) => {
    const { id } = JSON.parse(answer!.body) as { id: string };
    return ann.insist('POST', `/api/v1/agents/${id}/trades`, order);
  });
  await session.runUntil(world.now + 10_000);
  return session;
}

const checkersOf = ({ findings }: Session): readonly string[] => [...new Set(findings.map(({ checker }) => checker))];

test('a world in good order is in good order whenever it is looked at', () =>
  withoutAmbient(async () => {
    const session = await bought(new Mirror());
    session.heal();
    await session.runUntil(session.world.now + 5 * MINUTE_MS);
    await session.rest();
    expect([...session.findings, ...session.world.failures]).toEqual([]);
    expect(session.records.some(({ type }) => type === 'order.filled')).toBe(true);
  }));

test('a difference that is gone at the end is found in between, and told once', () =>
  withoutAmbient(async () => {
    const mirror = new Mirror();
    const session = await bought(mirror);
    mirror.bend = (stored) => ({ ...stored, rows: stored.rows.filter(({ agent }) => agent !== 'portfolio') });
    await session.runUntil(session.world.now + 5 * MINUTE_MS);
    mirror.bend = undefined;
    await session.rest();
    expect(checkersOf(session)).toContain('I2 positions agree');
    expect(session.findings.filter(({ checker }) => checker === 'I2 positions agree')).toHaveLength(1);
  }));

test('what has not come to rest in time is found, although it has at the end', () =>
  withoutAmbient(async () => {
    const mirror = new Mirror();
    const session = await bought(mirror);
    session.heal();
    mirror.bend = (stored) => ({ ...stored, effects: [{ agent: 'orders', sequence: 1 }] });
    await session.runUntil(session.world.now + REST_WITHIN_MS + 10_000);
    mirror.bend = undefined;
    await session.runUntil(session.world.now + 3 * MINUTE_MS);
    await session.rest();
    expect(checkersOf(session)).toEqual(['L1 comes to rest']);
  }));

test('an agent that stays down is told by name although the house runs', () =>
  withoutAmbient(async () => {
    const session = await bought(new Mirror(), { defect: defectAt('performance', ['order.filled']) });
    session.heal();
    await session.runUntil(session.world.now + REST_WITHIN_MS + 10_000);
    expect(session.world.product?.runtime.state).toBe('running');
    expect(session.world.failures).toEqual([`the agent performance is down ${REST_WITHIN_MS} ms after the healing`]);
  }));
