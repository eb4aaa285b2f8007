/** A request from outside that waits for an answer. It settles once; what comes later is a dead letter. */

import { AnswerError } from './answer-error.ts';
import type { Timer } from './due-queue.ts';
import type { Letter } from './letter.ts';
import type { Message } from './message.ts';

/** unavailable: the agent or the database is away. timeout: no answer in time. refused: a bound was hit. Callers may try again. */
export type AskFault = 'unavailable' | 'timeout' | 'refused' | 'aborted';

export class AskError extends AnswerError {
  readonly retryable = true;
  constructor(
    readonly kind: AskFault,
    message: string,
  ) {
    super(message);
    this.name = 'AskError';
  }
}

const nobody = (): void => undefined;

export class Ask {
  timer: Timer | undefined;
  settled = false;
  /** The answer is known and waits for its durability. */
  promised = false;
  /** The control letter that it belongs to: told again when what it has done is lost. */
  control: Letter | undefined;
  /** Belongs to a halt that will be told again after a recovery: only its receipt waits. */
  latched = false;

  constructor(
    readonly replyType: string,
    private resolve: (message: Message) => void,
    private reject: (error: AskError) => void,
    private forget: (ask: Ask) => void,
  ) {}

  /** False when nobody waits any more: the answer is a dead letter. */
  answer(message: Message): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.forget(this);
    this.resolve(message);
    this.letGo();
    return true;
  }

  fail(kind: AskFault, message: string): void {
    if (this.settled || (this.latched && kind === 'unavailable')) return;
    this.settled = true;
    this.forget(this);
    this.reject(new AskError(kind, message));
    this.letGo();
  }

  /** An entity that never answers keeps it: nothing of the request stays with it. */
  private letGo(): void {
    this.resolve = this.reject = this.forget = nobody;
    this.timer = this.control = undefined;
  }
}
