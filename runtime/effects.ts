/**
 * Runs effects: the outbox. Each is promised by a fact, starts after its commit, and is done when the outcome's turn is
 * committed. A life of an agent that ends aborts its effects; what they answer afterwards is a dead letter.
 */
import type { Effect } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { JournalRecord, Message } from './message.ts';
import type { Log } from './ports.ts';
import type { Timers } from './timers.ts';

/** What became of a release: the types of the facts it emitted, a crash, or somebody has yet to read or hear what comes before it. */
export type Released = readonly string[] | 'crashed' | 'behind';

type Way = 'run' | 'resume';

export interface EffectHost {
  /** A turn of the agent right now, before anything else. */
  release(cell: Cell, message: Message, record: JournalRecord): Released;
  /** The outcome goes back to the agent; undefined only fulfils the promise. */
  outcome(cell: Cell, record: JournalRecord, message: Message | undefined): void;
  /** Tried too often. */
  parked(cell: Cell, record: JournalRecord, error: unknown): void;
  lateAnswer(cell: Cell, message: Message): void;
  show(message: Message): void;
}

export class Effects {
  running = 0;

  constructor(
    private readonly host: EffectHost,
    private readonly backoff: Timers,
    private readonly log: Log,
  ) {}

  /** `again`: the request may already have left, in an earlier epoch or an aborted try. */
  start(cell: Cell, record: JournalRecord, again: boolean): void {
    const effect = cell.manner.effects?.[record.message.type];
    if (!effect) this.host.outcome(cell, record, undefined);
    else if (record.fault !== undefined) this.host.parked(cell, record, new Error(record.fault));
    else if (again && effect.resume) this.attempt(cell, record, effect, 'resume', 1);
    else if (!effect.release) this.attempt(cell, record, effect, 'run', 1);
    else this.release(cell, record, effect, effect.release, again);
  }

  /** The turn and the hand-over are one step: nothing can come between what was decided and what leaves. */
  private release(
    cell: Cell,
    record: JournalRecord,
    effect: Effect,
    release: NonNullable<Effect['release']>,
    again: boolean,
  ): void {
    const released = this.host.release(cell, release.message(record.message), record);
    if (released === 'crashed') return;
    if (released === 'behind') this.later(cell, BOUNDS.catchUpRetryMs, () => this.start(cell, record, again));
    else if (released.includes(release.proceedsOn)) this.attempt(cell, record, effect, 'run', 1);
    else this.host.outcome(cell, record, undefined);
  }

  private attempt(cell: Cell, record: JournalRecord, effect: Effect, way: Way, tries: number): void {
    const { jobs, end } = cell.work;
    const { signal } = end;
    this.running += 1;
    // Over before its outcome is told: whoever then asks whether one is on its way gets a true answer.
    const over = (): void => {
      this.running -= 1;
      jobs.delete(job);
    };
    const job = this.guarded(effect, way, record, signal).then(
      (message) => {
        over();
        if (!signal.aborted) this.host.outcome(cell, record, message);
        else if (message) this.host.lateAnswer(cell, message);
      },
      (error: unknown) => {
        over();
        if (!signal.aborted) this.rejected(cell, record, effect, way, tries, error);
      },
    );
    jobs.add(job);
  }

  private rejected(cell: Cell, record: JournalRecord, effect: Effect, way: Way, tries: number, error: unknown): void {
    const { sequence, message } = record;
    const reason = String(error);
    this.log.warn('effect.rejected', { agent: cell.address, fact: message.type, sequence, tries, error: reason });
    if (tries >= BOUNDS.effectTries) {
      this.host.parked(cell, record, error);
      return;
    }
    const retry: Way = effect.resume ? 'resume' : way;
    const delayMs = BOUNDS.effectRetryMs * 2 ** (tries - 1);
    this.later(cell, delayMs, () => this.attempt(cell, record, effect, retry, tries + 1));
  }

  /** In this life of the agent, or never. */
  private later(cell: Cell, delayMs: number, run: () => void): void {
    const { retries } = cell.work;
    const timer = this.backoff.set(this.backoff.now() + delayMs, () => {
      retries.delete(timer);
      run();
    });
    retries.add(timer);
  }

  /** A synchronous throw is a rejection like any other. */
  private async guarded(
    effect: Effect,
    way: Way,
    record: JournalRecord,
    signal: AbortSignal,
  ): Promise<Message | undefined> {
    const context = { record, signal, show: this.show };
    return way === 'run' ? effect.run(record.message, context) : effect.resume!(record.message, context);
  }

  private readonly show = (message: Message): void => this.host.show(message);
}
