/** Who tries ways around the limits: in some worlds, with every way that there is, and as nobody else than himself. */
import { expect, test } from 'vitest';
import { WAYS, type Way } from './attacks/ways.ts';
import { drawAttacker } from './draw-attacker.ts';

const MINUTES_MS = 3 * 60_000;
const worlds = Array.from({ length: 120 }, (_, index) => drawAttacker(String(index + 1), MINUTES_MS, undefined));
const attacked = worlds.filter(({ steps }) => steps.length > 0);

test('some worlds have one, and most have none and are as they were', () => {
  expect(attacked.length).toBeGreaterThan(15);
  expect(attacked.length).toBeLessThan(worlds.length / 2);
  for (const world of worlds) if (!attacked.includes(world)) expect(world).toEqual({ steps: [], limits: {} });
});

test('each way is tried somewhere, and each attempt is his own', () => {
  const tried = new Set<Way>();
  for (const { steps } of attacked)
    for (const { who, deed } of steps) {
      if (deed.do !== 'attack') continue;
      expect(who).toBe('attacker');
      tried.add(deed.way);
    }
  expect([...tried].sort()).toEqual(Object.keys(WAYS).sort());
});

test('there is a limit that he can reach: the world’s own, or one that he brings', () => {
  for (const { limits } of attacked) expect(Number(limits.exposureMax)).toBeGreaterThan(0);
  const own = worlds.map((_, index) => drawAttacker(String(index + 1), MINUTES_MS, '777').limits.exposureMax);
  expect(new Set(own)).toEqual(new Set(['777', undefined]));
});

test('he is no more than a trader, or decides about others beside it', () => {
  const roles = new Set(attacked.map(({ people }) => String(people?.attacker)));
  expect([...roles].sort()).toEqual(['trader', 'trader,supervisor']);
});
