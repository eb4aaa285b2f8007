/**
 * Tick files with a header: a time, and `bid,ask` or `price|last|close`, and `volume|size` where there is one. A print without
 * a quote stands for both sides. A line that isn't a tick is refused, never repaired.
 */
import { numberAt, readHeader, timeReader } from './columns.ts';

export interface Tick {
  readonly at: number;
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly volume: number;
}

/** Undefined when the header is not one of a tick file; else reads a line, undefined for a bad one. */
export function csvTicks(header: string): ((line: string) => Tick | undefined) | undefined {
  const columns = readHeader(header);
  const timeOf = columns && timeReader(columns);
  if (!columns || !timeOf) return undefined;
  const bid = columns.find('bid', 'bid_price');
  const ask = columns.find('ask', 'ask_price');
  const price = columns.find('price', 'last', 'close');
  const volume = columns.find('volume', 'size');
  const quoted = bid >= 0 && ask >= 0;
  if (!quoted && price < 0) return undefined;
  return (line) => {
    const cells = columns.cells(line);
    const at = timeOf(cells);
    const printed = price < 0 ? Number.NaN : numberAt(cells, price);
    const bidPrice = quoted ? numberAt(cells, bid) : printed;
    const askPrice = quoted ? numberAt(cells, ask) : printed;
    if (
      !(
        Number.isFinite(at) &&
        bidPrice > 0 &&
        askPrice > 0 &&
        bidPrice < Number.POSITIVE_INFINITY &&
        askPrice < Number.POSITIVE_INFINITY
      )
    ) {
      return undefined;
    }
    const traded = volume < 0 ? 0 : numberAt(cells, volume);
    if (!(traded >= 0 && traded < Number.POSITIVE_INFINITY)) return undefined;
    return { at, bid: bidPrice, ask: askPrice, last: printed > 0 ? printed : bidPrice, volume: traded };
  };
}
