import { expect, it } from 'vitest';
import { DueQueue, type Timer } from './due-queue.ts';
import { seededRandom } from './simulated/random.ts';

function drained(queue: DueQueue): void {
  while (queue.first()) queue.take()();
}

it('gives what is due in the order of due times, and equal ones in the order in which they were set', () => {
  const { next } = seededRandom('due');
  const queue = new DueQueue();
  const fired: [number, number][] = [];
  for (let index = 0; index < 500; index += 1) {
    const due = Math.floor(next() * 50);
    queue.set(due, () => fired.push([due, index]));
  }
  drained(queue);
  expect(fired).toEqual([...fired].sort(([a, first], [b, second]) => a - b || first - second));
  expect(fired).toHaveLength(500);
});

it('never gives what was cancelled, before and after it sweeps it out, and loses nothing else', () => {
  const { next } = seededRandom('cancel');
  const queue = new DueQueue();
  const fired: number[] = [];
  const timers: Timer[] = [];
  for (let index = 0; index < 2_000; index += 1)
    timers.push(queue.set(Math.floor(next() * 1_000), () => fired.push(index)));
  const kept = timers.flatMap((_, index) => (index % 9 === 0 ? [index] : []));
  for (const [index, timer] of timers.entries()) if (index % 9 !== 0) queue.cancel(timer);
  expect(queue.live).toBe(kept.length);
  drained(queue);
  expect([...fired].sort((a, b) => a - b)).toEqual(kept);
  expect(queue.live).toBe(0);
});

it('counts a cancelled or taken timer once, however often it is cancelled', () => {
  const queue = new DueQueue();
  const first = queue.set(1, () => undefined);
  const second = queue.set(2, () => undefined);
  queue.cancel(second);
  queue.cancel(second);
  drained(queue);
  queue.cancel(first);
  expect(queue.live).toBe(0);
  expect(queue.first()).toBeUndefined();
});
