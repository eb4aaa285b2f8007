/** Real randomness, ids and scheduling. */
import { randomBytes } from 'node:crypto';
import { BOUNDS } from '../bounds.ts';
import type { Clock, Ids, Random, Scheduler } from '../ports.ts';

export function liveRandom(): Random {
  return { next: Math.random, fork: () => liveRandom() };
}

const ID_BYTES = 16;
/** Randomness is fetched for so many ids at once: a call for each costs more than everything else about an id. */
const IDS_AT_ONCE = 256;

/** UUIDv7 (RFC 9562): 48 bits of time, then randomness; ids of one process sort by time. */
export function liveIds(clock: Clock): Ids {
  let pool = Buffer.alloc(0);
  let used = 0;
  return {
    uuid() {
      if (used === pool.length) {
        pool = randomBytes(ID_BYTES * IDS_AT_ONCE);
        used = 0;
      }
      const bytes = pool.subarray(used, used + ID_BYTES);
      used += ID_BYTES;
      bytes.writeUIntBE(clock.wallNow(), 0, 6);
      bytes[6] = (bytes[6]! & 0x0f) | 0x70;
      bytes[8] = (bytes[8]! & 0x3f) | 0x80;
      const hex = bytes.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
}

/** First come, first served; a slice of turns at a time, so that sockets and timers are never starved. */
export function liveScheduler(): Scheduler {
  return {
    pick: () => 0,
    turnsPerPick: BOUNDS.turnsPerPick,
    requestsPerDrain: BOUNDS.requestsPerDrain,
    defer: (drain) => void setImmediate(drain),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
