/** NinjaTrader minutes: `yyyyMMdd HHmmss;open;high;low;close;volume`, UTC, stamped at the bar's end. */
import { everyRow, type Layout } from '../plan.ts';

const MINUTE_MS = 60_000;

export const ninjatraderMinutes: Layout = {
  name: 'NinjaTrader minutes',
  recognise(sample) {
    if (sample.header || sample.delimiter !== ';') return undefined;
    if (!everyRow(sample, [6], ([stamp = '']) => /^\d{8} \d{6}$/.test(stamp))) return undefined;
    return {
      ...{ holds: 'bars', kind: 'prints', delimiter: ';', headerLines: 0, zone: 'UTC', stampsEndMs: MINUTE_MS },
      fields: ['datetime', 'open', 'high', 'low', 'close', 'volume'],
    };
  },
};
