/** Real randomness, ids and scheduling. */
import { randomBytes } from 'node:crypto';
import { BOUNDS } from '../bounds.ts';
import type { Clock, Ids, Random, Scheduler } from '../ports.ts';

export function liveRandom(): Random {
  return { next: Math.random, fork: () => liveRandom() };
}

/** Of an id that is not its time: version and variant among them. */
const RANDOM_BYTES = 10;
/** Randomness is fetched and spelled for so many ids at once: one by one it costs more than everything else about an id. */
const IDS_AT_ONCE = 256;

/** `7rrr`, `vrrr` and twelve more hexadecimal digits for each of so many ids. */
function spelledRandomness(): string {
  const bytes = randomBytes(RANDOM_BYTES * IDS_AT_ONCE);
  for (let at = 0; at < bytes.length; at += RANDOM_BYTES) {
    bytes[at] = (bytes[at]! & 0x0f) | 0x70;
    bytes[at + 2] = (bytes[at + 2]! & 0x3f) | 0x80;
  }
  return bytes.toString('hex');
}

function spelledTime(ms: number): string {
  const digits = ms.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** UUIDv7 (RFC 9562): 48 bits of time, then randomness; ids of one process sort by time. */
export function liveIds(clock: Clock): Ids {
  let pool = '';
  let used = 0;
  let spelledMs = Number.NaN;
  let time = '';
  return {
    uuid() {
      if (used === pool.length) {
        pool = spelledRandomness();
        used = 0;
      }
      const ms = Math.floor(clock.wallNow());
      if (ms !== spelledMs) {
        spelledMs = ms;
        time = spelledTime(ms);
      }
      const at = used;
      used += RANDOM_BYTES * 2;
      return `${time}-${pool.slice(at, at + 4)}-${pool.slice(at + 4, at + 8)}-${pool.slice(at + 8, used)}`;
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
