/**
 * Files without a header and of no known writer, read by shape: a time in the first column or a date and a time in the first two, then
 * one price, a price and a volume, bid and ask (in either order), price with bid, ask and volume, or open, high, low, close and volume.
 * FirstRate Data's bars and TrueFX's ticks are of this kind.
 */
import { type Field, isBar, isNear, type Layout, mostly, type Plan, type Sample } from '../plan.ts';
import { column, stampField } from '../sample.ts';

const DATE = /^(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{8})$/;
const CLOCK = /^(\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?|\d{6,15})$/;
const STAMP =
  /^(\d{9,19}(\.\d+)?|\d{4}[-./]?\d{2}[-./]?\d{2}([T ]+\d{2}:?\d{2}.*)?|\d{2}[-./]\d{2}[-./]\d{4} \d{2}:.*)$/;
type Numbers = readonly number[];

export const bareColumns: Layout = {
  name: 'columns by shape',
  recognise(sample) {
    if (sample.header || sample.rows.length === 0) return undefined;
    const time = timeFields(sample);
    if (!time) return undefined;
    const rows = sample.rows.map((row) =>
      row.slice(time.length).map((cell) => (cell === '' ? Number.NaN : Number(cell))),
    );
    const prices = priceFields(rows.filter((row) => row.every(Number.isFinite)));
    if (!prices) return undefined;
    const { fields, ...rest } = prices;
    return { ...rest, delimiter: sample.delimiter, headerLines: 0, zone: 'UTC', fields: [...time, ...fields] };
  },
};

/** A name may stand before the time. */
function timeFields(sample: Sample): readonly Field[] | undefined {
  const isNamed = mostly(column(sample, 0), (cell) => /^[A-Za-z][\w/.-]*$/.test(cell));
  const lead: readonly Field[] = isNamed ? ['symbol'] : [];
  const first = column(sample, lead.length);
  if (mostly(first, (cell) => DATE.test(cell)) && mostly(column(sample, lead.length + 1), (cell) => CLOCK.test(cell)))
    return [...lead, 'date', 'time'];
  return mostly(first, (cell) => STAMP.test(cell)) ? [...lead, stampField(first)] : undefined;
}

/** Price, bid, and an ask far away; or two sides and their volumes, of which one may stand where the ask would. */
const mayHaveWideAsk = ([price = 0, bid = 0, ask = 0]: Numbers): boolean =>
  isNear(price, bid) && ask >= Math.max(price, bid) && ask <= price * STEADY_MAX;

const STEADY_MAX = 2;
/** Prices stay within a factor of a few lines; volumes don't. */
const isSteady = (values: Numbers): boolean => Math.max(...values) <= Math.min(...values) * STEADY_MAX;

function priceFields(rows: readonly Numbers[]): Pick<Plan, 'holds' | 'kind' | 'fields'> | undefined {
  const width = Math.min(...rows.map(({ length }) => length));
  const all = (test: (row: Numbers) => boolean): boolean => rows.length > 0 && mostly(rows, test);
  if (width === 1) return { holds: 'ticks', kind: 'prints', fields: ['price'] };
  const isQuote = (row: Numbers, bid: number, ask: number): boolean => {
    const [low, high] = [row[bid]!, row[ask]!];
    return high >= low && isNear(low, high);
  };
  if (width >= 4 && width <= 6 && all(([open = 0, high = 0, low = 0, close = 0]) => isBar(open, high, low, close))) {
    const fields = ['open', 'high', 'low', 'close', ...(width > 4 ? (['volume'] as const) : [])] as const;
    return { holds: 'bars', kind: 'prints', fields };
  }
  if (width === 4 && all((row) => isQuote(row, 1, 2) && isNear(row[0]!, row[1]!)))
    return { holds: 'ticks', kind: 'both', fields: ['price', 'bid', 'ask', 'volume'] };
  if (width === 4 && all(mayHaveWideAsk) && isSteady(rows.map((row) => row[2]!))) return undefined;
  if (width <= 4 && all((row) => isQuote(row, 0, 1))) return { holds: 'ticks', kind: 'quotes', fields: ['bid', 'ask'] };
  if (width <= 4 && all((row) => isQuote(row, 1, 0))) return { holds: 'ticks', kind: 'quotes', fields: ['ask', 'bid'] };
  return width === 2 ? { holds: 'ticks', kind: 'prints', fields: ['price', 'volume'] } : undefined;
}
