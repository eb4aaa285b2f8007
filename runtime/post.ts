/**
 * Mail between agents and from outside: commands and queries at most once and FIFO a pair, market data conflated or every one of
 * them. A full lane refuses the newest and says so; nothing is delivered from inside a send.
 */
import type { Latest } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { Kernel } from './kernel.ts';
import type { Letter } from './letter.ts';
import type { Message } from './message.ts';
import type { Route } from './router.ts';

export class Post {
  /** By type, then by key. */
  private readonly board = new Map<string, Map<string, Message>>();

  constructor(private readonly kernel: Kernel) {}

  /** False: refused (the lane is full, the agent has stopped, or nobody takes the type). */
  send(letter: Letter, { isControl, receiver: cell }: Route): boolean {
    const { kernel } = this;
    if (!cell || isGone(cell)) {
      kernel.deadLetters.add(letter.target, letter.message, cell ? 'stopped' : 'no receiver');
      letter.ask?.fail('unavailable', `${letter.target} has stopped`);
      return false;
    }
    if (!cell.offer(letter, isControl)) {
      kernel.deadLetters.add(cell.address, letter.message, 'refused');
      letter.ask?.fail('refused', `${cell.address} has too many messages waiting`);
      if (isControl) kernel.overflowed(cell, 'its control lane');
      return false;
    }
    kernel.enqueue(cell);
    return true;
  }

  /** For what the kernel itself has promised: outcomes, deadlines, replies to an agent's own requests. */
  push(cell: Cell, letter: Letter): void {
    if (isGone(cell)) {
      this.kernel.deadLetters.add(cell.address, letter.message, 'stopped');
      return;
    }
    cell.keep(letter);
    this.kernel.enqueue(cell);
  }

  /** News of a port; false when the agent is away or far behind, and the port tells again. */
  deliver(cell: Cell, letter: Letter): boolean {
    if (isGone(cell) || cell.mailbox.length >= BOUNDS.deliveries) return false;
    this.push(cell, letter);
    return true;
  }

  /** The newest of a type and key, for everybody; a turn for those who observe it. */
  publish(message: Message, key: string): void {
    const { kernel } = this;
    message.at ??= kernel.ports.clock.marketNow();
    this.pin(message, key);
    for (const { cell, how } of kernel.router.of(message.type).observers) {
      // An agent with work may hold an entity before it comes to this message.
      if (!cell.isRunning || (how === 'held' && cell.entities.size === 0 && !cell.hasWork())) continue;
      const { market } = cell;
      if (how === 'newest') market!.newest.set(`${message.type} ${key}`, message);
      else if (market!.every.length < BOUNDS.ticks) market!.every.push(message);
      else kernel.overflowed(cell, 'its market lane');
      kernel.enqueue(cell);
    }
  }

  latest: Latest = (type, key) => this.board.get(type)?.get(key);

  private pin(message: Message, key: string): void {
    const pinned = this.board.get(message.type);
    if (pinned) pinned.set(key, message);
    else this.board.set(message.type, new Map([[key, message]]));
  }
}

/** Nobody will ever read its mail. */
function isGone(cell: Cell): boolean {
  return !cell.isRunning && (cell.status === 'stopped' || cell.status === 'down');
}
