/** ANFutures: `Ticker,yyMMdd,HHmmss,price,size`, Chicago time. */
import { everyRow, type Layout } from '../plan.ts';

export const anfutures: Layout = {
  name: 'ANFutures ticks',
  recognise(sample) {
    if (sample.header) return undefined;
    const isOurs = ([ticker = '', date = '', time = '']: readonly string[]): boolean =>
      /^[A-Za-z]\w*$/.test(ticker) && /^\d{6}$/.test(date) && /^\d{6}$/.test(time);
    if (!everyRow(sample, [5], isOurs)) return undefined;
    return {
      ...{ holds: 'ticks', kind: 'prints', delimiter: sample.delimiter, headerLines: 0, zone: 'America/Chicago' },
      fields: ['symbol', 'date', 'time', 'price', 'volume'],
    };
  },
};
