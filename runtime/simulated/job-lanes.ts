/**
 * Lanes of a simulated world: a job runs in this process, each piece of it takes virtual time, and it may die between two pieces, as a
 * thread or a machine would, at a seeded rate.
 */

import { type LaneEnd, type OpenLane, runJob } from '../jobs/run.ts';
import type { JobKind } from '../jobs.ts';
import type { Clock, Random } from '../ports.ts';

export interface SimulatedLanesOptions {
  readonly kinds: readonly JobKind[];
  readonly clock: Clock;
  readonly random: Random;
  /** Virtual time of one piece, and the chance of dying with it, at this moment. */
  readonly pace: () => { readonly sliceMs: number; readonly deathRatio: number };
  /** Hears of each lane that has died so. */
  readonly died?: () => void;
}

export function simulatedLanes({ kinds, clock, random, pace, died }: SimulatedLanesOptions): OpenLane {
  return (work, words) => {
    const controller = new AbortController();
    let alive = true;
    let die = (_end: LaneEnd): void => undefined;
    const death = new Promise<LaneEnd>((resolve) => {
      die = (end) => {
        alive = false;
        resolve(end);
      };
    });
    /** A dead lane says nothing and hears nothing any more. */
    const whileAlive = <T>(work: () => Promise<T>): Promise<T> => (alive ? work() : new Promise<T>(() => undefined));
    const breathe = (): Promise<void> => {
      const { sliceMs, deathRatio } = pace();
      if (alive && random.next() < deathRatio) {
        died?.();
        die({ end: 'died', reason: 'the worker died' });
      }
      return whileAlive(
        () => new Promise<void>((resolve) => void clock.at('monotonic', clock.monotonic() + sliceMs, resolve)),
      ).then(() => whileAlive(async () => undefined));
    };
    const finished = runJob(kinds, work, {
      signal: controller.signal,
      now: () => clock.monotonic(),
      breathe,
      save: (ratio, state, output) => whileAlive(() => words.save(ratio, state, output)),
      progress: (ratio) => {
        if (alive) words.progress(ratio);
      },
      call: (service, argument) => whileAlive(() => words.call(service, argument)),
    });
    return {
      ended: Promise.race([death, finished]),
      leave: () => controller.abort(),
      kill: () => die({ end: 'died', reason: 'it was killed' }),
    };
  };
}
