/**
 * Sierra Chart: header `Date, Time, Open, High, Low, Last, Volume, …`. A tick has one price in all of them, or high = ask and low = bid
 * with open 0. Else the rows are bars.
 */
import { everyRow, type Layout } from '../plan.ts';

const NAMES = ['date', 'time', 'open', 'high', 'low', 'last', 'volume'];

export const sierra: Layout = {
  name: 'Sierra Chart',
  recognise(sample) {
    const { header, delimiter, rows } = sample;
    if (!header || NAMES.some((name, index) => header[index] !== name)) return undefined;
    const common = { delimiter, headerLines: 1, zone: 'UTC' } as const;
    const cells = [...new Set(rows.map((row) => row.length))];
    const isOnePrice = ([, , open, high, low, last]: readonly string[]): boolean =>
      open === high && high === low && low === last;
    if (everyRow(sample, cells, isOnePrice)) {
      const fields = ['date', 'time', 'skip', 'skip', 'skip', 'price', 'volume'] as const;
      return { ...common, holds: 'ticks', kind: 'prints', fields };
    }
    if (everyRow(sample, cells, (row) => Number(row[2]) === 0 || isOnePrice(row))) {
      const fields = ['date', 'time', 'skip', 'ask', 'bid', 'price', 'volume'] as const;
      return { ...common, holds: 'ticks', kind: 'both', fields };
    }
    const fields = ['date', 'time', 'open', 'high', 'low', 'close', 'volume'] as const;
    return { ...common, holds: 'bars', kind: 'prints', fields };
  },
};
