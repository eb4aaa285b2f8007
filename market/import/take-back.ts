/**
 * Takes an import back: its ticks, its bars, and the word of it, in one step. Invariant: what other imports have brought stays as it was, and
 * what is left is what would be there if this one had never come. Where a later one has left rows out because this one had them, that
 * can't be, and it is refused: the later one goes first, and its file comes again.
 */
import { requestOfSeries } from '../../domain/run.ts';
import type { Clock } from '../../runtime/ports.ts';
import { type ImportRecord, type SeriesStore, TIMEFRAMES_MS } from '../series/store.ts';

export interface TakeBackOptions {
  readonly store: SeriesStore;
  readonly importId: string;
  /** A new id: whoever takes back holds the instrument as an import does, so that none begins meanwhile. */
  readonly holdId: string;
  readonly clock: Pick<Clock, 'wallNow'>;
  /** Who reads a series now, as a sentence says it. */
  readonly readerOf: (symbol: string) => Promise<string | undefined>;
}

export type TakenBack =
  | { readonly outcome: 'removed'; readonly record: ImportRecord }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown' };

const EVER = { fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER } as const;
const NAMED_MAX = 5;

export async function takeBack({ store, importId, holdId, clock, readerOf }: TakeBackOptions): Promise<TakenBack> {
  const known = (await store.imports()).find(({ id }) => id === importId);
  if (!known || requestOfSeries(known.symbol) !== undefined) return { outcome: 'unknown' };
  const { symbol } = known;
  if (!(await store.begin({ id: holdId, symbol, startedAt: clock.wallNow() })))
    return { outcome: 'refused', reason: `another import of ${symbol} is under way: try again when it has ended` };
  try {
    const imports = await store.imports(symbol);
    const at = imports.findIndex(({ id }) => id === importId);
    const record = imports[at];
    if (!record) return { outcome: 'unknown' };
    const ofTicks = new Set((await store.heads({ symbol, series: 'ticks', ...EVER })).map((head) => head.importId));
    const leaning = imports.slice(at + 1).filter((later) => leansOn(later, record, ofTicks));
    if (leaning.length > 0) return { outcome: 'refused', reason: leaningText(leaning) };
    const reader = await readerOf(symbol);
    if (reader !== undefined) return { outcome: 'refused', reason: reader };
    await store.remove(importId);
    return { outcome: 'removed', record };
  } finally {
    // Should the store be away, the next start forgets it.
    await store.discard(holdId).catch(() => undefined);
  }
}

/** May `later` lack rows because `record` had them? Duplicates, and bars of buckets that a file of bars had told as a whole. */
function leansOn(later: ImportRecord, record: ImportRecord, ofTicks: ReadonlySet<string>): boolean {
  const { firstMs, lastMs } = record;
  if (firstMs === null || lastMs === null) return false;
  const reachOf = ({ id }: ImportRecord): number => (ofTicks.has(id) ? 0 : TIMEFRAMES_MS['1d']);
  const meets = (fromMs: number, toMs: number): boolean =>
    fromMs <= lastMs + reachOf(record) && toMs + reachOf(later) >= firstMs;
  const { duplicates, duplicateFirstMs, duplicateLastMs } = later;
  if (duplicates > 0 && meets(duplicateFirstMs ?? EVER.fromMs, duplicateLastMs ?? EVER.toMs)) return true;
  const toldBars = !ofTicks.has(record.id);
  return toldBars && later.firstMs !== null && later.lastMs !== null && meets(later.firstMs, later.lastMs);
}

function leaningText(leaning: readonly ImportRecord[]): string {
  const newestFirst = leaning.toReversed();
  const names = newestFirst
    .slice(0, NAMED_MAX)
    .map(({ id, fileName }) => (fileName === null ? id : `${id} (${fileName})`));
  const more = newestFirst.length - names.length;
  const them = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `later imports have left out rows that this one had brought: take those back first, the newest first, and import their files again afterwards: ${them}`;
}
