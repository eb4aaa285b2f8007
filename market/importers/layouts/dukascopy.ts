/** Dukascopy and go-duka: `time,ask,bid,ask_volume,bid_volume`, the ask first, without a header. The volumes were offered, not traded. */
import { everyRow, type Layout } from '../plan.ts';

export const dukascopy: Layout = {
  name: 'Dukascopy ticks',
  recognise(sample) {
    if (sample.header) return undefined;
    const isOurs = ([stamp = '', ask, bid]: readonly string[]): boolean =>
      /^(\d{4}[-.]\d{2}[-.]\d{2}|\d{2}\.\d{2}\.\d{4})[ T]\d{2}:\d{2}:\d{2}\.\d{3}/.test(stamp) &&
      Number(ask) >= Number(bid);
    if (!everyRow(sample, [5], isOurs)) return undefined;
    return {
      ...{ holds: 'ticks', kind: 'quotes', delimiter: sample.delimiter, headerLines: 0, zone: 'UTC' },
      fields: ['datetime', 'ask', 'bid', 'skip', 'skip'],
    };
  },
};
