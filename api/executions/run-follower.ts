/**
 * Tells one listener what a run puts out, as it becomes durable: lines behind those that he has, in order and without a gap, and how the run
 * stands. Bounded: lines are read page by page from the tables and wait until the listener has read those before; figures are the newest.
 */
import type { RunRow } from '../../projections/rows.ts';
import type { RunHead, RunLine } from '../../projections/run-outputs.ts';
import type { House } from '../kit/house.ts';
import { iso } from '../kit/instant.ts';
import type { Problem } from '../kit/problem.ts';
import { linesRemoved } from './access.ts';
import { aboutRun, eventBody, metricsOf, progressOf, tradeBody } from './present.ts';
import type { RunMessage } from './schemas.ts';

const LINES_A_PAGE = 500;
/** A listener with more than this to read gets nothing new; after so long he is too slow. */
const ROOM_BYTES = 262_144;
const PATIENCE_MS = 30_000;
const LOOK_MS = 50;
/** Between two looks at a run: figures are told so often at most. */
const REST_MS = 100;
/** After a read that failed. */
const RETRY_MS = 1_000;

export interface Listener {
  readonly isOpen: boolean;
  readonly backlogBytes: number;
  send(text: string): void;
  tooSlow(): void;
}

/** The newest sequences that the listener has. */
export interface Since {
  readonly event: number;
  readonly trade: number;
}

type Reads = Pick<House, 'clock' | 'log'> & { readonly read: Pick<House['read'], 'runs'> };
type Lines = 'event' | 'trade';

export class RunFollower {
  private readonly has: Record<Lines, number>;
  private news = true;
  private following = false;
  private stopped = false;
  private told = '';

  /** `done` is called once: when the run has ended and everything of it was told, or with why it can't be told any more. */
  constructor(
    private readonly house: Reads,
    private readonly listener: Listener,
    readonly executionId: number,
    since: Since,
    private readonly done: (problem?: Problem) => void,
  ) {
    this.has = { ...since };
  }

  /** There may be something new. */
  wake(): void {
    this.news = true;
    if (!this.following) void this.follow();
  }

  stop(): void {
    this.stopped = true;
  }

  private get isOver(): boolean {
    return this.stopped || !this.listener.isOpen;
  }

  private async follow(): Promise<void> {
    this.following = true;
    while (this.news && !this.isOver) {
      this.news = false;
      try {
        await this.look();
        await this.pause(REST_MS);
      } catch (error) {
        this.house.log.warn('stream.missed', { executionId: this.executionId, error: String(error) });
        this.news = true;
        await this.pause(RETRY_MS);
      }
    }
    this.following = false;
  }

  private async look(): Promise<void> {
    const { runs } = this.house.read;
    const run = await runs.run(this.executionId);
    const head = await runs.head(this.executionId);
    if (!run) return;
    const { linesRemovedAt, last } = head;
    if (linesRemovedAt !== null && (this.has.event < last.event || this.has.trade < last.trade)) {
      this.stop();
      this.done(linesRemoved(this.executionId, linesRemovedAt));
      return;
    }
    await this.tellLines('event', run, head);
    await this.tellLines('trade', run, head);
    if (this.isOver) return;
    this.tellProgress(run, head);
    if (run.open) return;
    this.stop();
    this.done();
  }

  private async tellLines(kind: Lines, run: RunRow, head: RunHead): Promise<void> {
    while (this.has[kind] < head.last[kind] && (await this.hasRoom())) {
      const { runs } = this.house.read;
      const rows = await runs.linesAfter(this.executionId, kind, { after: this.has[kind] }, LINES_A_PAGE);
      if (rows.length === 0 || this.isOver) return;
      for (const line of rows) this.listener.send(kind === 'event' ? eventText(line, run) : tradeText(line, run));
      this.has[kind] = rows.at(-1)?.sequence ?? this.has[kind];
    }
  }

  /** How the run stands is told when it has changed. */
  private tellProgress(run: RunRow, head: RunHead): void {
    const data = {
      ...{ ...aboutRun(run), execution_number: run.executionNumber, status: run.status },
      ...{ progress: progressOf(run, head), error_message: run.error, ...metricsOf(run, head) },
    };
    const text = JSON.stringify(data);
    if (text === this.told) return;
    this.told = text;
    const timestamp = iso(this.house.clock.wallNow());
    this.listener.send(textOf({ event_type: 'execution_progress', timestamp, source: 'execution', data }));
  }

  /** False: the listener is gone. */
  private async hasRoom(): Promise<boolean> {
    const since = this.house.clock.monotonic();
    while (!this.isOver && this.listener.backlogBytes > ROOM_BYTES) {
      if (this.house.clock.monotonic() - since >= PATIENCE_MS) this.listener.tooSlow();
      else await this.pause(LOOK_MS);
    }
    return !this.isOver;
  }

  private pause(ms: number): Promise<void> {
    const { clock } = this.house;
    return new Promise((resolve) => void clock.at('monotonic', clock.monotonic() + ms, resolve));
  }
}

const textOf = (message: RunMessage): string => JSON.stringify(message);

function eventText(line: RunLine, run: RunRow): string {
  const { timestamp, event_type, ...body } = eventBody(line, run);
  return textOf({ event_type, timestamp, source: 'execution', data: { ...aboutRun(run), ...body } });
}

function tradeText(line: RunLine, run: RunRow): string {
  const data = { ...aboutRun(run), ...tradeBody(line, run) };
  return textOf({ event_type: 'trade_closed', timestamp: iso(line.at), source: 'execution', data });
}
