/** How the lines of a file are read: what each field holds, and what the writer's habits are. A layout decides it once a file. */
import type { TickKind } from '../columns.ts';
import type { Zone } from './zones.ts';

/** `date` stands before its `time`; `nanoPrice` is whole units of 1e-9; `entry` tells what a line is by its first letter or digit,
 * `snapshot` whether a level of a book belongs to a whole book: `true` or `false`; `symbol` and `contract` name the instrument, which
 * must stay the same. */
export type TickField =
  | 'skip'
  | 'epoch'
  | 'datetime'
  | 'date'
  | 'time'
  | 'price'
  | 'nanoPrice'
  | 'bid'
  | 'ask'
  | 'volume'
  | 'entry'
  | 'snapshot'
  | 'symbol'
  | 'contract'
  | 'factor';

/** Trades have one side, which stands for both. The order is that of a bar's prices in memory. */
export const BAR_FIELDS = [
  ...(['open', 'high', 'low', 'close'] as const),
  ...(['bid_open', 'bid_high', 'bid_low', 'bid_close'] as const),
  ...(['ask_open', 'ask_high', 'ask_low', 'ask_close'] as const),
] as const;
export type BarField = (typeof BAR_FIELDS)[number];
export type Field = TickField | BarField;

/** Which entries carry a bid, an ask, a print; lines with any other entry say nothing to a series. */
export interface Entries {
  readonly last?: string;
  readonly bid?: string;
  readonly ask?: string;
}

export interface Plan {
  readonly holds: 'ticks' | 'bars';
  readonly kind: TickKind;
  readonly delimiter: string;
  /** Lines before the first one with data. */
  readonly headerLines: number;
  readonly fields: readonly Field[];
  readonly zone: Zone;
  readonly entries?: Entries;
  /** A line is a level of an order book, whose top is the series; an amount of 0 takes the level away. */
  readonly tellsLevels?: boolean;
  /** An empty bid, ask or price means that it is what it was. */
  readonly carries?: boolean;
  /** Bars: how long before its stamp a bar begins. */
  readonly stampsEndMs?: number;
}

/** One writer's way to write. */
export interface Layout {
  readonly name: string;
  /** Undefined when the file is not of this layout. Decided by content, never by name. */
  recognise(sample: Sample): Plan | undefined;
}

/** The beginning of a file as text; every cell is trimmed and without quotes. */
export interface Sample {
  readonly delimiter: string;
  /** Names in lower case, without blanks, `<` and `>`; absent when the first line is data. */
  readonly header?: readonly string[];
  /** Cells of the lines with data. */
  readonly rows: readonly (readonly string[])[];
}

/** `undefined` unless every row has as many cells and `test` holds for each of them. */
export const everyRow = (
  { rows }: Sample,
  cells: readonly number[],
  test: (cells: readonly string[]) => boolean,
): boolean => rows.length > 0 && mostly(rows, (row) => cells.includes(row.length) && test(row));

/** Two sides of one quote, and the print between them, are closer than this; a price and a volume almost never are. */
const SPREAD_RATIO_MAX = 0.02;

export const isNear = (one: number, other: number): boolean =>
  one > 0 && other > 0 && Math.abs(one - other) <= Math.min(one, other) * SPREAD_RATIO_MAX;

export const isBar = (open: number, high: number, low: number, close: number): boolean =>
  low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close) && high <= low * 2;

/** Files may begin with a bad line or have one among the first. */
export const mostly = <T>(items: readonly T[], test: (item: T) => boolean): boolean =>
  items.filter(test).length * 2 > items.length;
