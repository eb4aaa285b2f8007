/** A strategy that wishes what a test tells it to, for runs that trade live. */
import { z } from 'zod';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import { type Desk, type Direction, defineStrategy } from '../../strategies/strategy.ts';
import { termsOf } from '../engine/terms.ts';
import type { LivePlan } from '../live/live-run.ts';

/** Wishes just this, tick by tick. */
export const wishing = (...steps: readonly ((desk: Desk) => void)[]): LivePlan => ({
  ...{ terms: termsOf(findInstrument('EURUSD') as Instrument), timeframeMs: 1, parameters: {} },
  strategy: defineStrategy({
    ...{ name: 'wishing', about: 'Wishes what it is told.', input: 'ticks', parameters: z.strictObject({}) },
    ...{ balanceOf: () => 1_000, unitsOf: () => 1 },
    open() {
      let seen = 0;
      return {
        input: 'ticks',
        tick(_now, desk) {
          steps[seen]?.(desk);
          seen += 1;
        },
      };
    },
  }),
});

export const enter = (desk: Desk, direction: Direction, units: number, layer = 1): void =>
  desk.enter({ direction, units, layer });
