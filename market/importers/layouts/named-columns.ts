/**
 * Any file whose header names its columns: a time, then `bid` and `ask`, or `price`, `last` or `close`, and a volume where there is one; or
 * the open, high, low and close of bars. Dukascopy, TrueFX, MetaTrader and LEAN exports with a header are of this kind.
 */
import { BAR_FIELDS, type Field, type Layout, type Plan, type Sample } from '../plan.ts';
import { column, stampField } from '../sample.ts';

const TIMES = ['timestamp', 'datetime', 'ts_event', 'gmttime', 'time(utc)', 'time(gmt)', 'localtime'];
const BIDS = ['bid', 'bid_price', 'bidprice'];
const ASKS = ['ask', 'ask_price', 'askprice', 'offer'];
const PRICES = ['price', 'last', 'close', 'last_price', 'lastprice'];
const VOLUMES = ['volume', 'tickvol', 'size', 'amount', 'quantity', 'qty', 'last_size', 'lastsize', 'vol'];

type Find = (names: readonly string[]) => number;

export const namedColumns: Layout = {
  name: 'columns by name',
  recognise(sample) {
    const { header, delimiter } = sample;
    if (!header || header.includes('is_snapshot')) return undefined;
    const find: Find = (names) => header.indexOf(names.find((name) => header.includes(name)) ?? '-');
    const fields: Field[] = header.map(() => 'skip');
    if (!placeTime(sample, find, fields)) return undefined;
    const volume = find(VOLUMES);
    if (volume >= 0) fields[volume] = 'volume';
    const holds = placePrices(header, find, fields);
    return holds && { ...holds, delimiter, headerLines: 1, zone: 'UTC', fields };
  },
};

function placeTime(sample: Sample, find: Find, fields: Field[]): boolean {
  const [single, date, time] = [find(TIMES), find(['date']), find(['time'])];
  if (single < 0 && date >= 0 && time > date) {
    fields[date] = 'date';
    fields[time] = 'time';
    return true;
  }
  const only = single >= 0 ? single : Math.max(date, time);
  if (only < 0) return false;
  fields[only] = stampField(column(sample, only));
  return true;
}

function placePrices(header: readonly string[], find: Find, fields: Field[]): Pick<Plan, 'holds' | 'kind'> | undefined {
  const bars = BAR_FIELDS.filter((name) => header.includes(name));
  if (bars.length % 4 === 0 && bars.length > 0) {
    for (const name of bars) fields[header.indexOf(name)] = name;
    return { holds: 'bars', kind: bars.includes('close') ? 'prints' : 'quotes' };
  }
  const [bid, ask, price] = [find(BIDS), find(ASKS), find(PRICES)];
  const isQuoted = bid >= 0 && ask >= 0;
  if (isQuoted) {
    fields[bid] = 'bid';
    fields[ask] = 'ask';
  }
  if (price >= 0) fields[price] = 'price';
  else if (!isQuoted) return undefined;
  return { holds: 'ticks', kind: !isQuoted ? 'prints' : price >= 0 ? 'both' : 'quotes' };
}
