/** Real ticks, and the results that independent implementations of the same rules have on them. */
import { expect, test } from 'vitest';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import { max } from '../../strategies/max.ts';
import { smaCross } from '../../strategies/sma-cross.ts';
import { hasSamples, minutesOf, nqTicks } from '../testing/series.ts';
import { Run } from './run.ts';
import { termsOf } from './terms.ts';

const terms = termsOf(findInstrument('NQ') as Instrument);

test.skipIf(!hasSamples)('`max` over ten NQ days makes 39 trades and loses 819 points, as elsewhere', () => {
  const run = new Run({ strategy: max, parameters: {}, terms });
  run.advance(nqTicks(10));
  run.finish();
  const trades = [...run.take().trades];
  expect(trades).toHaveLength(39);
  expect(trades.reduce((sum, { points }) => sum + points, 0)).toBe(-819);
});

test.skipIf(!hasSamples)('`sma_cross` over the minutes of the day makes 59 trades and loses 43.75 points', () => {
  const run = new Run({ strategy: smaCross, parameters: {}, terms });
  run.advance(minutesOf(nqTicks()));
  run.finish();
  const trades = [...run.take().trades];
  expect(trades).toHaveLength(59);
  expect(trades.reduce((sum, { points }) => sum + points, 0)).toBe(-43.75);
});
