/**
 * What the machine is worth at the moment: a virtual machine shares its caches and its memory with neighbours whom it can't see, and what costs
 * nothing but such reads takes up to four times as long on one evening as on another, at a load average of zero.
 */
import { median } from './measure.ts';

const SLOTS = 2 ** 22;
const READS = 2 ** 20;

/** Each slot names the next one of a single way through all of them, in no order that a processor could guess (Sattolo's cycle). */
function wayThrough(slots: number): Uint32Array {
  const next = Uint32Array.from({ length: slots }, (_, slot) => slot);
  let state = 1;
  for (let last = slots - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * last);
    const kept = next[last]!;
    next[last] = next[other]!;
    next[other] = kept;
  }
  return next;
}

/** Nanoseconds of a read that has to wait for the one before, over 16 MB: the median of three times a million. */
export function dependentReadNs(): number {
  const next = wayThrough(SLOTS);
  let at = 0;
  const timesNs = [0, 1, 2].map(() => {
    const startedMs = performance.now();
    for (let read = 0; read < READS; read += 1) at = next[at]!;
    return ((performance.now() - startedMs) * 1e6) / READS;
  });
  if (at >= SLOTS) throw new Error('Invariant: the way leads through its slots');
  return Math.round(median(timesNs));
}
