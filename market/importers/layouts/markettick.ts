/**
 * MarketTick, level 1: `yyyyMMddHHmmssffffff;level;type;price;volume`, UTC, type 0 bid, 1 ask, 2 last. A print carries the quotes that
 * stood when it happened; changes of quotes alone are no ticks.
 */
import { everyRow, type Layout } from '../plan.ts';

export const markettick: Layout = {
  name: 'MarketTick',
  recognise(sample) {
    if (sample.header) return undefined;
    const isOurs = ([stamp = '', , type = '']: readonly string[]): boolean =>
      /^\d{20}$/.test(stamp) && /^[012]$/.test(type);
    if (!everyRow(sample, [5], isOurs)) return undefined;
    return {
      ...{ holds: 'ticks', kind: 'both', delimiter: sample.delimiter, headerLines: 0, zone: 'UTC' },
      fields: ['datetime', 'skip', 'entry', 'price', 'volume'],
      entries: { bid: '0', ask: '1', last: '2' },
    };
  },
};
