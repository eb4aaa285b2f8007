/** Reads a text as a file of ticks or bars, in pieces of a given size; prices in natural units. */
import { priceOf } from '../columns.ts';
import type { BarRow } from '../importers/bar-reader.ts';
import { OUTCOME, REASONS } from '../importers/outcome.ts';
import type { FileFacts } from '../importers/recognise.ts';
import { SeriesLines } from '../importers/series-lines.ts';

export interface ReadTick {
  /** ISO, with as many decimals of the second as there are. */
  readonly at: string;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
  readonly volume: number;
}

export interface ReadText {
  readonly layout: string;
  readonly kind: string;
  readonly zone: string;
  readonly ticks: readonly ReadTick[];
  readonly bars: readonly BarRow[];
  readonly bad: readonly (readonly [line: number, reason: string])[];
}

export const isoOf = (atMs: number, subMsNs: number): string =>
  new Date(atMs).toISOString().replace('Z', subMsNs === 0 ? 'Z' : `${String(subMsNs).padStart(6, '0')}Z`);

export function readText(text: string | Uint8Array, options: FileFacts & { pieceBytes?: number } = {}): ReadText {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const { pieceBytes = bytes.length || 1 } = options;
  const lines = new SeriesLines(options);
  const ticks: ReadTick[] = [];
  const bars: BarRow[] = [];
  const bad: [number, string][] = [];
  const drain = (): void => {
    for (let outcome = lines.next(); outcome !== undefined; outcome = lines.next()) {
      if (outcome === OUTCOME.row && lines.ticks) ticks.push(tickOf(lines.ticks.row));
      else if (outcome === OUTCOME.row && lines.bars?.row) bars.push(lines.bars.row);
      else if (outcome !== OUTCOME.nothing) bad.push([lines.line, REASONS[outcome]]);
    }
  };
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    lines.push(bytes.subarray(from, from + pieceBytes));
    drain();
  }
  lines.finish();
  drain();
  const { layout, plan } = lines.recognised!;
  return { layout, kind: plan.kind, zone: plan.zone, ticks, bars, bad };
}

const tickOf = (row: {
  atMs: number;
  subMsNs: number;
  price: number;
  bid: number;
  ask: number;
  volume: number;
}): ReadTick => ({
  at: isoOf(row.atMs, row.subMsNs),
  price: priceOf(row.price),
  bid: priceOf(row.bid),
  ask: priceOf(row.ask),
  volume: row.volume,
});
