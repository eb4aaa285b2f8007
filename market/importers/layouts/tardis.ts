/** Tardis: trades, quotes and book snapshots with the exchange's `timestamp` in microseconds. Changes of a book are no series of ticks, and refused by their name. */
import type { Layout, TickField } from '../plan.ts';
import { FileRefusal } from '../refusal.ts';
import { column, stampField } from '../sample.ts';

const NAMES: Readonly<Record<string, TickField>> = {
  price: 'price',
  amount: 'volume',
  bid_price: 'bid',
  ask_price: 'ask',
  'bids[0].price': 'bid',
  'asks[0].price': 'ask',
};

const BOOK_CHANGES =
  'the file holds changes of an order book (Tardis incremental_book_L2), not ticks: import the quotes, trades or book snapshots of the same day';

export const tardis: Layout = {
  name: 'Tardis',
  recognise(sample) {
    const { header, delimiter } = sample;
    if (!header?.includes('local_timestamp')) return undefined;
    if (header.includes('is_snapshot')) throw new FileRefusal('unknown-layout', BOOK_CHANGES);
    const stamp = header.indexOf('timestamp');
    const fields: TickField[] = header.map((name) => NAMES[name] ?? 'skip');
    fields[stamp] = stampField(column(sample, stamp));
    const kind = fields.includes('price') ? 'prints' : 'quotes';
    if (kind === 'quotes' && !(fields.includes('bid') && fields.includes('ask'))) return undefined;
    return { holds: 'ticks', kind, delimiter, headerLines: 1, zone: 'UTC', fields };
  },
};
