/** Databento trades: `ts_event` in ISO or nanoseconds, prices as decimals or whole 1e-9; only lines with action T are trades. */
import type { Layout, TickField } from '../plan.ts';
import { column, stampField } from '../sample.ts';

export const databento: Layout = {
  name: 'Databento trades',
  recognise(sample) {
    const { header, delimiter } = sample;
    if (!header) return undefined;
    const at = (name: string): number => header.indexOf(name);
    const [stamp, action, price, size] = [at('ts_event'), at('action'), at('price'), at('size')];
    if ([stamp, action, price, size].includes(-1)) return undefined;
    const isWhole = column(sample, price).every((cell) => /^\d{9,}$/.test(cell));
    const fields: TickField[] = header.map(() => 'skip');
    fields[stamp] = stampField(column(sample, stamp));
    fields[action] = 'entry';
    fields[price] = isWhole ? 'nanoPrice' : 'price';
    fields[size] = 'volume';
    for (const [name, side] of [
      ['bid_px_00', 'bid'],
      ['ask_px_00', 'ask'],
    ] as const) {
      if (at(name) >= 0 && !isWhole) fields[at(name)] = side;
    }
    return { holds: 'ticks', kind: 'both', delimiter, headerLines: 1, zone: 'UTC', fields, entries: { last: 'T' } };
  },
};
