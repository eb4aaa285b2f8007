/** Reads a file of bars whole: for whoever runs over it once. The store keeps ticks and makes its bars itself. */
import { type BarColumns, midUnits } from '../columns.ts';
import type { BarRow, Ohlc } from '../importers/bar-reader.ts';
import { OUTCOME } from '../importers/outcome.ts';
import { type Bytes, plainBytes } from '../importers/plain-bytes.ts';
import type { FileFacts } from '../importers/recognise.ts';
import { FileRefusal } from '../importers/refusal.ts';
import { SeriesLines } from '../importers/series-lines.ts';
import { IMPORT_BYTES_MAX } from './import-ticks.ts';
import { LineTally } from './line-tally.ts';

/** Mids where the file has both sides. Throws FileRefusal, as for bars that don't rise in time. */
export async function readBarFile(stream: Bytes, facts?: FileFacts): Promise<BarColumns> {
  const lines = new SeriesLines(facts);
  const tally = new LineTally();
  const rows: BarRow[] = [];
  const drain = (): void => {
    for (let outcome = lines.next(); outcome !== undefined; outcome = lines.next()) {
      const row = lines.bars?.row;
      if (outcome !== OUTCOME.row) tally.bad(lines.line, outcome);
      else if (row) {
        tally.rows += 1;
        rows.push(row);
      }
    }
  };
  for await (const piece of plainBytes(stream, IMPORT_BYTES_MAX)) {
    lines.push(piece);
    drain();
  }
  lines.finish();
  drain();
  tally.finish();
  return columnsOf(rows);
}

function columnsOf(rows: readonly BarRow[]): BarColumns {
  const mids = (name: keyof Ohlc): Float64Array =>
    Float64Array.from(rows, ({ bid, ask }) => midUnits(bid[name], ask[name]));
  const startMs = Float64Array.from(rows, (row) => row.startMs);
  return {
    ...{ length: rows.length, timeframeMs: smallestGap(startMs), startMs },
    ...{ open: mids('open'), high: mids('high'), low: mids('low'), close: mids('close') },
    ...{ volume: Float64Array.from(rows, ({ volume }) => volume), ticks: new Float64Array(rows.length) },
  };
}

/** How long a bar is: gaps between bars are whole multiples of it, or longer. */
function smallestGap(startMs: Float64Array): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let row = 1; row < startMs.length; row += 1) {
    const gap = startMs[row]! - startMs[row - 1]!;
    if (gap <= 0) throw new FileRefusal('not-rising', 'the bars of the file do not rise in time');
    smallest = Math.min(smallest, gap);
  }
  if (!Number.isFinite(smallest)) throw new FileRefusal('bar-length', 'a single bar tells no length');
  return smallest;
}
