/** HistData ticks `yyyyMMdd HHmmssfff,bid,ask,0` and minutes `yyyyMMdd HHmmss;o;h;l;c;0`: New York's winter time all the year, no volume. */
import { everyRow, type Layout } from '../plan.ts';

const common = { headerLines: 0, zone: 'EST' } as const;

export const histdata: Layout = {
  name: 'HistData',
  recognise(sample) {
    if (sample.header) return undefined;
    if (everyRow(sample, [4], ([stamp = '', , , none]) => /^\d{8} \d{9}$/.test(stamp) && none === '0')) {
      const fields = ['datetime', 'bid', 'ask', 'skip'] as const;
      return { ...common, holds: 'ticks', kind: 'quotes', delimiter: sample.delimiter, fields };
    }
    const isMinute = ([stamp = '', , , , , none]: readonly string[]): boolean =>
      /^\d{8} \d{6}$/.test(stamp) && none === '0';
    if (sample.delimiter !== ';' || !everyRow(sample, [6], isMinute)) return undefined;
    const fields = ['datetime', 'open', 'high', 'low', 'close', 'skip'] as const;
    return { ...common, holds: 'bars', kind: 'prints', delimiter: ';', fields };
  },
};
