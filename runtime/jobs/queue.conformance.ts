/**
 * What every queue of jobs promises, as long as nothing goes wrong with it; what it may lose and repeat when something does is held by
 * `jobsConformance` over it. `until` lets time pass, virtual or real, until something holds or far too long is over.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HandleEntry, JobQueue, QueueServer } from './queue.ts';

export interface QueuePlace {
  /** A house's end. */
  open(): Promise<JobQueue>;
  /** A worker's end, with room for one entry at a time. */
  serve(handle: HandleEntry): Promise<QueueServer>;
  /** What holds the queue dies with all that is in it, and stays away. */
  halt(): Promise<void>;
  /** It is there again, empty. */
  resume(): Promise<void>;
  until(what: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** A worker that says what it was handed, and holds on to it until it is told. */
class Hands {
  readonly taken: string[] = [];
  readonly ended: string[] = [];
  isHolding = false;
  private readonly held: (() => void)[] = [];

  readonly handle: HandleEntry = async (id, takeOver) => {
    this.taken.push(takeOver ? `${id}, taken over` : id);
    if (this.isHolding) await new Promise<void>((resolve) => this.held.push(resolve));
    this.ended.push(id);
  };

  letGo(): void {
    this.isHolding = false;
    for (const release of this.held.splice(0)) release();
  }
}

export function queueConformance(name: string, openPlace: () => Promise<QueuePlace>): void {
  describe(`the queue of ${name}`, () => {
    let place: QueuePlace;
    let queue: JobQueue;
    let hands: Hands;
    beforeEach(async () => {
      place = await openPlace();
      queue = await place.open();
      hands = new Hands();
    });
    afterEach(async () => {
      await queue.close();
      await place.close();
    });

    const entry = (id: string, turn = '0', takeOver = false) => ({ id, turn, takeOver });
    const taken = (count: number): Promise<void> => place.until(() => hands.taken.length >= count);

    it('hands on what it was given, before and behind the coming of a worker, and says whose runner is dead', async () => {
      await queue.push(entry('early'), 0);
      const server = await place.serve(hands.handle);
      await taken(1);
      await queue.push(entry('orphan', '1-over-7', true), 0);
      await taken(2);
      expect(hands.taken).toEqual(['early', 'orphan, taken over']);
      expect(queue.reachable && server.reachable).toBe(true);
      await server.close();
    });

    it('takes an entry that is told twice once, and another turn of it as another one', async () => {
      hands.isHolding = true;
      const server = await place.serve(hands.handle);
      await queue.push(entry('a'), 0);
      await taken(1);
      for (const turn of ['0', '1', '1']) await queue.push(entry('a', turn), 0);
      await queue.push(entry('last'), 0);
      hands.letGo();
      await taken(3);
      expect(hands.taken).toEqual(['a', 'a', 'last']);
      await server.close();
    });

    it('lets what is to come later wait, and nothing else for it', async () => {
      const server = await place.serve(hands.handle);
      await queue.push(entry('later'), 400);
      await queue.push(entry('now'), 0);
      await taken(2);
      expect(hands.taken).toEqual(['now', 'later']);
      await server.close();
    });

    it('hands nothing more to a worker that closes, which lets go of what it has', async () => {
      hands.isHolding = true;
      const first = await place.serve(hands.handle);
      await queue.push(entry('in-hand'), 0);
      await taken(1);
      await queue.push(entry('next'), 0);
      let isClosed = false;
      const closed = first.close().then(() => {
        isClosed = true;
      });
      expect(isClosed).toBe(false);
      hands.letGo();
      await place.until(() => isClosed);
      await closed;
      const others = new Hands();
      const second = await place.serve(others.handle);
      await place.until(() => others.taken.length > 0);
      expect(hands.taken).toEqual(['in-hand']);
      expect(others.taken).toEqual(['next']);
      await second.close();
    });

    it('that is lost with all that it held lets whoever comes wait, and goes on empty', async () => {
      await queue.push(entry('lost'), 0);
      await place.halt();
      await place.until(() => !queue.reachable);
      let isPushed = false;
      void queue.push(entry('waits'), 0).then(() => {
        isPushed = true;
      });
      await place.resume();
      await place.until(() => queue.reachable && isPushed);
      const server = await place.serve(hands.handle);
      await taken(1);
      expect(hands.taken).toEqual(['waits']);
      await server.close();
    });
  });
}
