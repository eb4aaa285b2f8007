/**
 * NinjaTrader ticks: `yyyyMMdd HHmmss[ fffffff];last;bid;ask;volume`, or without quotes `…;price;volume` (version 7, imports, bid and ask
 * files). Always UTC, the fraction in 100 ns, no header.
 */
import { everyRow, type Layout } from '../plan.ts';

const STAMP = /^\d{8} \d{6}( \d{7})?$/;

export const ninjatrader: Layout = {
  name: 'NinjaTrader ticks',
  recognise(sample) {
    if (sample.header || sample.delimiter !== ';') return undefined;
    const isStamped = ([stamp = '']: readonly string[]): boolean => STAMP.test(stamp);
    const common = { holds: 'ticks', delimiter: ';', headerLines: 0, zone: 'UTC' } as const;
    if (everyRow(sample, [5], isStamped))
      return { ...common, kind: 'both', fields: ['datetime', 'price', 'bid', 'ask', 'volume'] };
    if (everyRow(sample, [3], isStamped)) return { ...common, kind: 'prints', fields: ['datetime', 'price', 'volume'] };
    return undefined;
  },
};
