/** Seeded randomness: sfc32 (Chris Doty-Humphrey's small fast counting generator), seeded through a 32-bit string hash (FNV-1a). */
import type { Ids, Random, Scheduler } from '../ports.ts';

const NOW = Promise.resolve();

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value ^= text.charCodeAt(at);
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}

export function seededRandom(seed: string): Random {
  let [a, b, c, counter] = [hash(seed), hash(`${seed}/b`), hash(`${seed}/c`), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warm = 0; warm < 12; warm += 1) next();
  return { next, fork: (name) => seededRandom(`${seed}/${name}`) };
}

/** Ids in UUIDv7's form from a seed: the time is the simulated clock's. */
export function seededIds(random: Random, now: () => number): Ids {
  const hex = (digits: number): string => {
    let all = '';
    while (all.length < digits) all += Math.floor(random.next() * 16).toString(16);
    return all;
  };
  return {
    uuid() {
      const time = Math.floor(now()).toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${(8 + Math.floor(random.next() * 4)).toString(16)}${hex(3)}-${hex(12)}`;
    },
  };
}

/** The same moment as `queueMicrotask`, which makes a resource of Node for each call. */
export const soon = (run: () => void): void => void NOW.then(run);

/** A seeded pick among ready agents after every turn; FIFO a pair stays, because a mailbox is a queue. */
export function seededScheduler(random: Random): Scheduler {
  return {
    pick: (ready) => (ready === 1 ? 0 : Math.floor(random.next() * ready)),
    turnsPerPick: 1,
    requestsPerDrain: Number.POSITIVE_INFINITY,
    defer: soon,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
