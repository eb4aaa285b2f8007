/**
 * Tardis: trades, quotes, book snapshots, and changes of a book (`incremental_book_L2`), which are the quotes at its top. Stamped by the
 * exchange's `timestamp` in microseconds.
 */
import type { Layout, TickField } from '../plan.ts';
import { column, stampField } from '../sample.ts';

const NAMES: Readonly<Record<string, TickField>> = {
  price: 'price',
  amount: 'volume',
  bid_price: 'bid',
  ask_price: 'ask',
  'bids[0].price': 'bid',
  'asks[0].price': 'ask',
};
const LEVEL_NAMES: Readonly<Record<string, TickField>> = {
  is_snapshot: 'snapshot',
  side: 'entry',
  price: 'price',
  amount: 'volume',
};
const LEVEL_SIDES = { bid: 'bid', ask: 'ask' };

export const tardis: Layout = {
  name: 'Tardis',
  recognise(sample) {
    const { header, delimiter } = sample;
    if (!header?.includes('local_timestamp')) return undefined;
    const stamp = header.indexOf('timestamp');
    const isBook = header.includes('is_snapshot');
    const fields: TickField[] = header.map((name) => (isBook ? LEVEL_NAMES : NAMES)[name] ?? 'skip');
    fields[stamp] = stampField(column(sample, stamp));
    const common = { holds: 'ticks', delimiter, headerLines: 1, zone: 'UTC', fields } as const;
    if (isBook) {
      const isWhole = Object.values(LEVEL_NAMES).every((field) => fields.includes(field));
      return isWhole ? { ...common, kind: 'quotes', entries: LEVEL_SIDES, tellsLevels: true } : undefined;
    }
    const kind = fields.includes('price') ? 'prints' : 'quotes';
    if (kind === 'quotes' && !(fields.includes('bid') && fields.includes('ask'))) return undefined;
    return { ...common, kind };
  },
};
