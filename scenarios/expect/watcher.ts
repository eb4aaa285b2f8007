/** What watches one expectation while a scenario runs: it hears records as they become durable, and says at the end whether it held. */
import type { CheckedRecord, Finding } from '../checkers/checker.ts';
import type { Expectation } from '../file/expect-part.ts';
import { durationText } from '../file/fields.ts';
import type { EventWanted } from '../file/script-part.ts';
import type { ExpectationResult } from '../recording.ts';
import type { Books } from '../run/books.ts';
import type { Cast } from '../run/cast.ts';
import { fieldMismatch, fieldsText, type Scope } from '../run/values.ts';
import type { World } from '../world.ts';

/** What is known at the end, beside what was heard. */
export interface End {
  readonly findings: readonly Finding[];
  readonly failures: readonly string[];
}

export interface Watcher {
  /** The traders are there and the script begins: a moment that has passed by then is now. */
  onStart?(): void;
  /** `atMs` since the world's start, in the world's time. */
  onRecord?(record: CheckedRecord, atMs: number): void;
  /** The scenario's time is over, the world still runs. */
  onEnd?(): Promise<void> | void;
  result(end: End): ExpectationResult;
}

/** What a watcher may look at. */
export interface Sight {
  readonly world: World;
  readonly cast: Cast;
  readonly books: Books;
  readonly scope: Scope;
  readonly startAt: number;
  readonly untilMs: number;
}

/** Only what happens from `from` to `until` counts. */
export const inTime = ({ from, until }: Expectation, atMs: number, untilMs: number): boolean =>
  atMs >= from && atMs <= (until ?? untilMs);

/** ` from 1m30s until 1m31s`; nothing where it is all of the run. */
export const windowText = ({ from, until }: Expectation): string =>
  `${from === 0 ? '' : ` from ${durationText(from)}`}${until === undefined ? '' : ` until ${durationText(until)}`}`;

export const isWanted = ({ message }: CheckedRecord, { event, where }: EventWanted, scope: Scope): boolean =>
  message.type === event && fieldMismatch(message, where, scope) === undefined;

export function eventText({ event, where }: EventWanted): string {
  const fields = fieldsText(where);
  return fields === '' ? event : `${event} (${fields})`;
}
