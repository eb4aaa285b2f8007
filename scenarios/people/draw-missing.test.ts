/** Limits that are missing: drawn in few worlds, taken from one without changing another's, and asked for by people who go on trading. */
import { expect, test, vi } from 'vitest';
import { openMemory } from '../../db/memory/open.ts';
import type { TradingLimits } from '../../messages/limits.ts';
import { withoutAmbient } from '../ambient.ts';
import { runDrawn } from '../drawn.ts';
import { NO_WORLD_FAULTS } from '../faults.ts';
import { simulatedSettings } from '../settings.ts';
import { WORLD_STARTS_AT } from '../world.ts';
import { drawScript } from './draw-script.ts';
import { changedLimits, withoutLimits } from './missing-limits.ts';
import type { Deed, ScriptLimits } from './script.ts';

vi.setConfig({ testTimeout: 60_000 });

const MINUTE_MS = 60_000;
const whole = simulatedSettings().limits as TradingLimits;
const buy: Deed = { do: 'trade', symbol: 'AAPL', side: 'buy', type: 'market', priceRatio: 1, value: 2_000 };

function run(told: readonly (readonly [atS: number, who: string, deed: Deed])[], limits: ScriptLimits) {
  const steps = told.map(([atS, who, deed]) => ({ atMs: atS * 1_000, who, deed }));
  const script = { startsAt: WORLD_STARTS_AT, virtualMs: MINUTE_MS, faults: NO_WORLD_FAULTS, limits, steps };
  const options = { seed: '1', place: openMemory(), settings: simulatedSettings(), virtualMs: MINUTE_MS, faults: true };
  return withoutAmbient(() => runDrawn({ ...options, script }));
}

test('some worlds lack limits from the beginning, some later, and most never', () => {
  const scripts = Array.from({ length: 150 }, (_, index) => drawScript(String(index + 1), 3 * MINUTE_MS, true));
  const never = scripts.filter(({ limits }) => limits.missing).length;
  const later = scripts.filter(({ steps }) =>
    steps.some(({ deed }) => deed.do === 'limits' && 'missing' in deed && deed.missing.length > 0),
  ).length;
  expect(never).toBeGreaterThan(3);
  expect(later).toBeGreaterThan(2);
  expect(never + later).toBeLessThan(scripts.length / 5);
});

test('who takes away the limits of one instrument takes those of its class, and leaves all others theirs', () => {
  const { instruments = {} } = withoutLimits(whole, ['AAPL']) ?? {};
  expect(instruments).not.toHaveProperty('AAPL');
  expect(instruments).not.toHaveProperty('class:equity');
  expect(instruments.NVDA).toEqual(whole.instruments['class:equity']);
  expect(instruments['class:fx']).toEqual(whole.instruments['class:fx']);
});

test('who changes a part of limits that are missing brings them back whole', () => {
  const change = { accounts: { default: { exposureMax: '1000' } } };
  const present = withoutLimits(whole, ['default', 'AAPL']);
  expect(changedLimits(change, present)).toMatchObject({
    instruments: { 'class:equity': whole.instruments['class:equity'] },
    accounts: { default: { ...whole.accounts.default, exposureMax: '1000' } },
  });
});

test.each([['AAPL'], ['instruments'], ['default'], ['accounts'], ['everything']])(
  'where there are none of %s nobody trades until somebody sets them',
  async (name) => {
    const told = [
      [10, 'ann', buy],
      [20, 'operator', { do: 'limits', missing: [] }],
      [30, 'ann', buy],
    ] as const;
    const { failures, sometimes } = await run(told, { missing: [name] });
    expect(failures).toEqual([]);
    expect(sometimes['denied: NO_LIMIT_CONFIGURED']).toBe(1);
  },
);

test('what is taken away under way is missed from then on', async () => {
  const told = [
    [10, 'ann', buy],
    [20, 'operator', { do: 'limits', missing: ['AAPL'] }],
    [30, 'ann', buy],
    [35, 'ann', { ...buy, symbol: 'NVDA' }],
  ] as const;
  const { failures, sometimes } = await run(told, {});
  expect(failures).toEqual([]);
  expect(sometimes['denied: NO_LIMIT_CONFIGURED']).toBe(1);
});
