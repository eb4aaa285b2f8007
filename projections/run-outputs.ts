/**
 * What runs have put out, as a port: lines in three streams, each numbered from 1 without a gap, and one head a run that says how far
 * they go. Written outside the journal, because a backtest says millions of things. db/runs serves it; one suite holds it and its twin.
 */
import type { RunStatus, RunSummary } from '../domain/run.ts';
import type { Page } from './queries.ts';

export const RUN_STREAMS = ['event', 'trade', 'equity'] as const;
export type RunStream = (typeof RUN_STREAMS)[number];

export interface RunLine {
  readonly stream: RunStream;
  /** From 1, a run and stream. */
  readonly sequence: number;
  /** Market time, epoch milliseconds. */
  readonly at: number;
  /** What lines can be chosen by: the type of an event, the direction of a trade; empty for equity. */
  readonly kind: string;
  /** JSON. */
  readonly payload: string;
  /** Wall clock, epoch milliseconds. */
  readonly createdAt: number;
}

export interface RunHead {
  /** Counts what was added to it; 0 before the first. */
  readonly version: number;
  /** Parts of its job that were taken over. */
  readonly part: number;
  /** The newest sequence of each stream. */
  readonly last: Readonly<Record<RunStream, number>>;
  /** As its events have told it. */
  readonly status: RunStatus;
  /** Market time of what was said last; null before anything was. */
  readonly marketAt: number | null;
  /** 0 to 1. */
  readonly progressRatio: number;
  readonly figures: RunSummary | null;
  /** Wall clock of the figures. */
  readonly figuresAt: number | null;
  /** Wall clock of when retention took its lines; null while they are there. */
  readonly linesRemovedAt: number | null;
}

export const NEW_RUN: RunHead = {
  version: 0,
  part: 0,
  last: { event: 0, trade: 0, equity: 0 },
  status: 'created',
  marketAt: null,
  progressRatio: 0,
  figures: null,
  figuresAt: null,
  linesRemovedAt: null,
};

/** All conditions hold together; `from` and `to` are market times, both exclusive. */
export interface LineFilter {
  readonly after?: number | undefined;
  readonly kind?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface RunOutputs {
  /** `NEW_RUN` for one that has put out nothing. */
  head(executionId: number): Promise<RunHead>;
  /** Adds lines and moves the head in one step, if the head still has the version before `head`'s; else false and nothing. */
  append(executionId: number, head: RunHead, lines: readonly RunLine[]): Promise<boolean>;
  /** In the order of their sequence, at most `limit` behind `filter.after`: how a stream is read through. */
  linesAfter(executionId: number, stream: RunStream, filter: LineFilter, limit: number): Promise<readonly RunLine[]>;
  /** The same from an offset, with the count of all: a page for a person. */
  lines(
    executionId: number,
    stream: RunStream,
    filter: LineFilter,
    limit: number,
    offset: number,
  ): Promise<Page<RunLine>>;
  /** Those of these runs that have put out something and still have their lines. */
  withLines(executionIds: readonly number[]): Promise<readonly number[]>;
  /** Takes every line of a run that has ended, for good; its head with its figures stays and says when. Twice is once. */
  removeLines(executionId: number, at: number): Promise<void>;
}

const PAGE_LINES = 10_000;

/** All lines behind `filter.after` in the order of their sequence, a page at a time. */
export async function* pagesOf(
  outputs: Pick<RunOutputs, 'linesAfter'>,
  executionId: number,
  stream: RunStream,
  filter: LineFilter = {},
): AsyncGenerator<readonly RunLine[], void> {
  let { after = 0 } = filter;
  for (;;) {
    const lines = await outputs.linesAfter(executionId, stream, { ...filter, after }, PAGE_LINES);
    yield lines;
    if (lines.length < PAGE_LINES) return;
    after = lines.at(-1)?.sequence ?? after;
  }
}
