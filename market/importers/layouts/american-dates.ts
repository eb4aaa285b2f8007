/**
 * Kibot (New York time) and Tick Data (exchange time): `MM/dd/yyyy,HH:mm:ss[.fff],price,volume`, Kibot with quotes
 * `…,price,bid,ask,volume`. Both write alike, so that only the caller can know the zone: without one it is UTC.
 */
import { everyRow, type Layout } from '../plan.ts';

const isDated = ([date = '', time = '']: readonly string[]): boolean =>
  /^\d{1,2}\/\d{1,2}\/\d{4}$/.test(date) && /^\d{1,2}:\d{2}/.test(time);

export const americanDates: Layout = {
  name: 'Kibot or Tick Data ticks',
  recognise(sample) {
    if (sample.header) return undefined;
    const common = { holds: 'ticks', delimiter: sample.delimiter, headerLines: 0, zone: 'UTC' } as const;
    if (everyRow(sample, [6], (row) => isDated(row) && Number(row[3]) <= Number(row[4])))
      return { ...common, kind: 'both', fields: ['date', 'time', 'price', 'bid', 'ask', 'volume'] };
    if (!everyRow(sample, [4, 5], isDated)) return undefined;
    return { ...common, kind: 'prints', fields: ['date', 'time', 'price', 'volume'] };
  },
};
