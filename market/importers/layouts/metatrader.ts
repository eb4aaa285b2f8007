/**
 * MetaTrader 5 ticks `<DATE> <TIME> <BID> <ASK> <LAST> <VOLUME> <FLAGS>`, where an empty cell means unchanged, and MetaTrader 4 history
 * `yyyy.MM.dd,HH:mm,open,high,low,close,volume` without a header. Times are the broker's; without a zone they are UTC.
 */
import { everyRow, type Layout } from '../plan.ts';

const TICK_NAMES = ['date', 'time', 'bid', 'ask', 'last', 'volume', 'flags'];

export const metatrader: Layout = {
  name: 'MetaTrader',
  recognise(sample) {
    const { header, delimiter } = sample;
    if (header && TICK_NAMES.every((name, index) => header[index] === name)) {
      return {
        ...{ holds: 'ticks', kind: 'both', delimiter, headerLines: 1, zone: 'UTC', carries: true },
        fields: ['date', 'time', 'bid', 'ask', 'price', 'volume', 'skip'],
      };
    }
    const isHistory = ([date = '', time = '']: readonly string[]): boolean =>
      /^\d{4}\.\d{2}\.\d{2}$/.test(date) && /^\d{2}:\d{2}$/.test(time);
    if (header || !everyRow(sample, [7], isHistory)) return undefined;
    return {
      ...{ holds: 'bars', kind: 'prints', delimiter, headerLines: 0, zone: 'UTC' },
      fields: ['date', 'time', 'open', 'high', 'low', 'close', 'volume'],
    };
  },
};
