/** How the output of a run becomes lines: each part and each change of state once, numbered on without a gap, in the order of its happening. */
import type { RunStatus } from '../domain/run.ts';
import type { RunHead, RunLine, RunStream } from '../projections/run-outputs.ts';
import type { BacktestPart } from '../runs/backtest/payload.ts';

export interface Addition {
  readonly head: RunHead;
  readonly lines: readonly RunLine[];
}

type Unnumbered = Omit<RunLine, 'sequence' | 'createdAt'>;

const changeLine = (from: RunStatus, to: RunStatus, at: number, notices: readonly string[] = []): Unnumbered => ({
  ...{ stream: 'event', at, kind: 'status_changed' },
  payload: JSON.stringify({ from, to, ...(notices.length > 0 && { notices }) }),
});

export const ERROR_OCCURRED = 'error_occurred';
const errorLine = (message: string, at: number): Unnumbered => ({
  ...{ stream: 'event', at, kind: ERROR_OCCURRED, payload: JSON.stringify({ message }) },
});
/** Of the payload of such a line. */
export const messageOf = (payload: string): unknown => (JSON.parse(payload) as { readonly message?: unknown }).message;

function added(before: RunHead, more: Partial<RunHead>, lines: readonly Unnumbered[], createdAt: number): Addition {
  const last: Record<RunStream, number> = { ...before.last };
  // Field by field: a spread costs thirty times as much, and a run may have millions of lines.
  const numbered = lines.map(({ stream, at, kind, payload }) => {
    last[stream] += 1;
    return { stream, sequence: last[stream], at, kind, payload, createdAt };
  });
  return { head: { ...before, ...more, version: before.version + 1, last }, lines: numbered };
}

function linesOf({ events, trades, equity }: BacktestPart): readonly Unnumbered[] {
  return [
    ...events.map(
      ({ sequence: _, at, type, ...rest }): Unnumbered => ({
        ...{ stream: 'event', at, kind: type, payload: JSON.stringify(rest) },
      }),
    ),
    ...trades.map(
      ({ sequence: _, ...trade }): Unnumbered => ({
        ...{ stream: 'trade', at: trade.exitAt, kind: trade.direction, payload: JSON.stringify(trade) },
      }),
    ),
    ...equity.map(
      ({ at, balance }): Unnumbered => ({ ...{ stream: 'equity', at, kind: '', payload: JSON.stringify(balance) } }),
    ),
  ];
}

/** A live run's last lines may come behind its last tick, and nothing that follows them is earlier. */
function lastSaidAt({ marketAt: before }: RunHead, { marketAt, events, equity }: BacktestPart): number | null {
  const known = [before, marketAt, events.at(-1)?.at ?? null, equity.at(-1)?.at ?? null].filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The next part of a run; its first one says that the run has begun, and what there is to be known of that. */
export function withPart(
  before: RunHead,
  part: number,
  said: BacktestPart,
  now: number,
  notices: readonly string[],
): Addition {
  const { figures, progressRatio } = said;
  const begins = before.status === 'created';
  const beganAt = said.equity[0]?.at ?? said.marketAt ?? 0;
  const lines = [...(begins ? [changeLine('created', 'running', beganAt, notices)] : []), ...linesOf(said)];
  const status = begins ? 'running' : before.status;
  const marketAt = lastSaidAt(before, said);
  return added(before, { part, status, marketAt, progressRatio, figures, figuresAt: now }, lines, now);
}

/**
 * The run is in another state now; undefined when that was said. `error`: why, where its lines do not say it yet. `at`: market time for one
 * that has said nothing yet.
 */
export function withStatus(
  before: RunHead,
  to: RunStatus,
  error: string | null,
  at: number,
  now: number,
): Addition | undefined {
  if (before.status === to) return undefined;
  const when = before.marketAt ?? at;
  const passes = before.status === 'created' && to === 'completed';
  const lines = [
    ...(passes ? [changeLine('created', 'running', when)] : []),
    ...(error === null ? [] : [errorLine(error, when)]),
    changeLine(passes ? 'running' : before.status, to, when),
  ];
  const progressRatio = to === 'completed' ? 1 : before.progressRatio;
  return added(before, { status: to, progressRatio }, lines, now);
}
