/**
 * One runner: it resumes one thing, waits until everything that this set off has answered or is parked at a port (other threads
 * included), and only then resumes the next or moves the clock. This, and nothing else, makes a run repeatable.
 */
import { SimulatedClock } from '../runtime/simulated/clock.ts';

const immediate = setImmediate;

export class Runner {
  readonly clock: SimulatedClock;
  private underWay = 0;
  steps = 0;

  constructor(startAt: number) {
    this.clock = new SimulatedClock(startAt);
  }

  sleep = (ms: number): Promise<void> => this.clock.sleep(ms);

  /** Work of other threads: the world stands still until it is done. */
  track = <T>(work: Promise<T>): Promise<T> => {
    this.underWay += 1;
    const done = (): void => {
      this.underWay -= 1;
    };
    work.then(done, done);
    return work;
  };

  /** The same; the answer comes at the next virtual moment, in the order of asking. */
  park = async <T>(work: Promise<T>): Promise<T> => {
    this.track(work).catch(() => undefined);
    await this.sleep(0);
    return work;
  };

  async settle(): Promise<void> {
    do {
      await new Promise<void>((resolve) => immediate(() => resolve()));
    } while (this.underWay > 0);
  }

  /** Moves the world to `until`, one timer after the other. */
  async runUntil(until: number): Promise<void> {
    await this.settle();
    while (this.clock.step(until)) {
      this.steps += 1;
      await this.settle();
    }
  }
}
