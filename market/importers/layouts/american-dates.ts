/**
 * Kibot (New York time) and Tick Data (exchange time): `MM/dd/yyyy,HH:mm:ss[.fff],price,volume`, Kibot with quotes `…,price,bid,ask,volume`, Tick
 * Data with further columns, which are skipped. Both write alike, so that only the caller can know the zone: without one it is UTC.
 */
import { everyRow, isBar, isNear, type Layout } from '../plan.ts';

const WIDTHS_MAX = 16;
/** How far a quote's side may be from the price, as a factor, in a market that hardly trades. */
const WIDE_MAX = 2;
/** Tick Data's further columns are chosen by who exports them. */
const WIDTHS = Array.from({ length: WIDTHS_MAX - 3 }, (_, index) => index + 4);

const isDated = ([date = '', time = '']: readonly string[]): boolean =>
  /^\d{1,2}\/\d{1,2}\/\d{4}$/.test(date) && /^\d{1,2}:\d{2}/.test(time);

/** What stands behind date and time; an empty cell is no number. */
const numbersOf = (row: readonly string[]): readonly number[] =>
  row.slice(2).map((cell) => (cell === '' ? Number.NaN : Number(cell)));

/** A bid is as near to the price as no volume is, however far away the ask stands. */
function isQuoted(row: readonly string[]): boolean {
  const [price = 0, bid = 0, ask = 0] = numbersOf(row);
  return isDated(row) && bid <= ask && isNear(price, bid);
}

/** Two sides that are both far from the price, or a volume and something else. */
function isWide(row: readonly string[]): boolean {
  const [price = 0, bid = 0, ask = 0] = numbersOf(row);
  return isDated(row) && bid <= ask && bid * WIDE_MAX >= price && ask >= price && ask <= price * WIDE_MAX;
}

function isMinute(row: readonly string[]): boolean {
  const [open = 0, high = 0, low = 0, close = 0] = numbersOf(row);
  return isDated(row) && isBar(open, high, low, close);
}

/** Volumes are whole, unless there is nothing that they could be taken for: a bid is as near to the price as no volume is. */
function isPrint(row: readonly string[]): boolean {
  const [price = 0, volume = Number.NaN] = numbersOf(row);
  const isVolume = Number.isInteger(volume) || (row.length < 6 && !isNear(price, volume));
  return isDated(row) && price > 0 && volume >= 0 && isVolume;
}

export const americanDates: Layout = {
  name: 'Kibot or Tick Data ticks',
  recognise(sample) {
    if (sample.header || everyRow(sample, WIDTHS, isMinute)) return undefined;
    const common = { holds: 'ticks', delimiter: sample.delimiter, headerLines: 0, zone: 'UTC' } as const;
    if (everyRow(sample, [6], isQuoted))
      return { ...common, kind: 'both', fields: ['date', 'time', 'price', 'bid', 'ask', 'volume'] };
    // Neither can be told from the other: nothing is read rather than the wrong thing.
    if (everyRow(sample, [6], isWide) || !everyRow(sample, WIDTHS, isPrint)) return undefined;
    return { ...common, kind: 'prints', fields: ['date', 'time', 'price', 'volume'] };
  },
};
