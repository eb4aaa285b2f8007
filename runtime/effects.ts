/**
 * Runs effects: the outbox. Each is promised by a fact, starts after its commit, and is done when the outcome's turn is
 * committed. A life of an agent that ends aborts its effects; what they answer afterwards is a dead letter.
 */
import type { Effect } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { KeptRecord } from './journal.ts';
import type { JournalRecord, Message } from './message.ts';
import type { Log } from './ports.ts';
import type { Timers } from './timers.ts';

export interface EffectHost {
  /** A turn of the agent right now, before anything else; returns the types of the facts it emitted; undefined when it crashed. */
  turnNow(cell: Cell, message: Message, record: JournalRecord): readonly string[] | undefined;
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
  start(cell: Cell, record: KeptRecord | JournalRecord, again: boolean): void {
    const effect = cell.definition.effects?.[record.message.type];
    if (!effect) return this.host.outcome(cell, record, undefined);
    if (again && effect.resume) return this.attempt(cell, record, effect, effect.resume.bind(effect), 1);
    if (again && !effect.repeatable)
      throw new Error(`Invariant: effect of ${record.message.type} has no resume and is not repeatable`);
    if (effect.release) {
      const emitted = this.host.turnNow(cell, effect.release.message(record.message), record);
      if (!emitted) return;
      if (!emitted.includes(effect.release.proceedsOn)) return this.host.outcome(cell, record, undefined);
    }
    this.attempt(cell, record, effect, effect.run.bind(effect), 1);
  }

  private attempt(cell: Cell, record: JournalRecord, effect: Effect, act: Effect['run'], tries: number): void {
    const { signal } = cell.abort;
    this.running += 1;
    const job = this.guarded(act, cell, record, signal)
      .then(
        (message) => {
          if (signal.aborted) {
            if (message) this.host.lateAnswer(cell, message);
          } else this.host.outcome(cell, record, message);
        },
        (error: unknown) => {
          if (signal.aborted) return;
          this.log.warn('effect.rejected', {
            agent: cell.address,
            fact: record.message.type,
            sequence: record.sequence,
            tries,
            error: String(error),
          });
          if (tries >= BOUNDS.effectTries) return this.host.parked(cell, record, error);
          const delay = BOUNDS.effectRetryMs * 2 ** (tries - 1);
          const retry = effect.resume ? effect.resume.bind(effect) : act;
          const timer = this.backoff.set(this.backoff.now() + delay, () => {
            if (!signal.aborted) this.attempt(cell, record, effect, retry, tries + 1);
          });
          signal.addEventListener('abort', () => this.backoff.cancel(timer), { once: true });
        },
      )
      .finally(() => {
        this.running -= 1;
        cell.running.delete(job);
      });
    cell.running.add(job);
  }

  /** A synchronous throw is a rejection like any other. */
  private async guarded(
    act: Effect['run'],
    cell: Cell,
    record: JournalRecord,
    signal: AbortSignal,
  ): Promise<Message | undefined> {
    return act(record.message, { record, signal, show: (message) => this.host.show(message) });
  }
}
