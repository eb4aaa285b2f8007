/** Requests from outside: let in or refused, waiting at an entity, answered when everything the answer may tell of is durable. */
import { Ask } from './asks.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import { Door } from './door.ts';
import type { Entity } from './entity.ts';
import type { Kernel } from './kernel.ts';
import { type Letter, letterTo } from './letter.ts';
import type { Message } from './message.ts';

export interface Sender {
  readonly principal?: string;
  readonly correlationId?: string;
}

export class Requests {
  readonly waiting = new Set<Ask>();
  private readonly door: Door;
  /** Answers of the present turn. */
  private answers: { readonly cell: Cell; readonly ask: Ask; readonly message: Message }[] = [];

  constructor(private readonly kernel: Kernel) {
    this.door = new Door(kernel);
  }

  ask(message: Message, sender: Sender, deadlineMs: number, signal: AbortSignal | undefined): Promise<Message> {
    const { kernel } = this;
    const route = kernel.router.of(message.type);
    const { entry, receiver } = route;
    return new Promise<Message>((resolve, reject) => {
      const abort = (): void => ask.fail('aborted', `nobody waits for ${message.type} any more`);
      const ask = new Ask(entry.reply ?? '', resolve, reject, (settled) => {
        this.waiting.delete(settled);
        if (settled.timer) kernel.backoff.cancel(settled.timer);
        signal?.removeEventListener('abort', abort);
      });
      if (signal?.aborted) {
        abort();
        return;
      }
      const letter = letterTo(receiver?.address ?? '', message, { ...sender, ask });
      if (entry.control) ask.control = letter;
      if (entry.control && kernel.state === 'recovering') {
        this.wait(ask, message.type, deadlineMs);
        kernel.recovery.latch(letter);
      } else if (kernel.state !== 'running') ask.fail('unavailable', `the house is ${kernel.state}`);
      else if (!entry.control && kernel.journal.uncommitted > BOUNDS.uncommittedRecords)
        ask.fail('refused', 'too much is waiting for the database');
      else {
        this.wait(ask, message.type, deadlineMs);
        this.door.enter(letter, route);
      }
      if (!ask.settled) signal?.addEventListener('abort', abort, { once: true });
    });
  }

  private wait(ask: Ask, type: string, deadlineMs: number): void {
    const { backoff } = this.kernel;
    this.waiting.add(ask);
    ask.timer = backoff.set(backoff.now() + deadlineMs, () =>
      ask.fail('timeout', `no answer to ${type} within ${deadlineMs} ms`),
    );
  }

  /** A request that was taken but not yet answered waits at its entity. */
  park(cell: Cell, letter: Letter, taken: boolean): void {
    const ask = letter.ask!;
    if (ask.settled || ask.promised) return;
    const { type } = letter.message;
    const key = letter.entity ?? cell.manner.keyed?.key(letter.message);
    const entity = key === undefined ? cell.single : cell.entity(key);
    if (!taken) ask.fail('refused', `${type} was not taken`);
    else if (ask.replyType === '') ask.fail('refused', `${type} declares no reply`);
    else if (!entity) ask.fail('unavailable', `${type} has no entity to wait at`);
    else {
      entity.asks = entity.asks?.filter((other) => !other.settled) ?? [];
      entity.asks.push(ask);
    }
  }

  /** A reply for all who wait at the entity for this type, and for the asker of the present letter. */
  reply(cell: Cell, entity: Entity, message: Message, present: Ask | undefined): void {
    if (entity.asks) {
      const answered = entity.asks.filter((ask) => ask.replyType === message.type);
      if (answered.length > 0) entity.asks = entity.asks.filter((ask) => ask.replyType !== message.type);
      for (const ask of answered) this.settle(cell, ask, message);
    }
    if (present?.replyType === message.type) this.settle(cell, present, message);
  }

  private settle(cell: Cell, ask: Ask, message: Message): void {
    ask.promised = true;
    this.kernel.delivered?.(letterTo('outside', message, { source: cell.address }));
    this.answers.push({ cell, ask, message });
  }

  /** At the end of a turn: its answers wait for all that the turn has done, not only for what came before them. */
  release(): void {
    if (this.answers.length === 0) return;
    const { kernel } = this;
    for (const { cell, ask, message } of this.answers.splice(0))
      kernel.journal.hold(
        () => {
          if (!ask.answer(message)) kernel.deadLetters.add(cell.address, message, 'late answer');
        },
        () => ask.fail('unavailable', 'the answer was lost before it was durable'),
      );
  }

  /** `forGood`: also those that wait for a halt's receipt. */
  failAll(reason: string, forGood: boolean): void {
    this.door.clear();
    for (const ask of [...this.waiting]) {
      if (forGood) ask.latched = false;
      ask.fail('unavailable', reason);
    }
  }
}
