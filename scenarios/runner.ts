/**
 * One runner: it resumes one thing, waits until everything that this set off has answered or is parked at a port (other threads
 * included), and only then resumes the next or moves the clock. This, and nothing else, makes a run repeatable.
 */
import { executionAsyncId } from 'node:async_hooks';
import { SimulatedClock } from '../runtime/simulated/clock.ts';

const immediate = setImmediate;

/** Each round waits until the queue of promises is empty; what Node puts off to its next tick may put off once more. */
const TICK_ROUNDS = 3;
const NOW = Promise.resolve();

export class Runner {
  readonly clock: SimulatedClock;
  private underWay = 0;
  private roundsLeft = 0;
  private lastId = 0;
  /** Ends the settling that is under way. */
  private settled: (() => void) | undefined;
  steps = 0;
  /** How much of the time so far was leapt over. */
  leaptMs = 0;
  /** Called when a step has settled; the next one waits for what it returns. */
  onStep: () => Promise<void> | undefined = () => undefined;

  constructor(startAt: number) {
    this.clock = new SimulatedClock(startAt);
  }

  /** Nothing happens for so long, as on a suspended machine; what was due meanwhile comes late. */
  leap(ms: number): void {
    this.leaptMs += ms;
    this.clock.leap(ms);
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

  /** Without work of other threads everything that a step sets off is done when the queue of promises is empty. */
  private settle(settled: () => void): void {
    if (this.settled) throw new Error('Invariant: one thing moves the world at a time');
    this.settled = settled;
    this.roundsLeft = TICK_ROUNDS;
    this.lookAgain();
  }

  /** Whoever puts something off takes an id of Node's; when nobody has taken one since the last look, nothing is put off. */
  private readonly look = (): void => {
    const id = executionAsyncId();
    const isQuiet = id === this.lastId + 1;
    this.lastId = id;
    if (this.underWay > 0) {
      this.roundsLeft = 0;
      immediate(this.look);
    } else if (isQuiet || this.roundsLeft === 0) this.endSettling();
    else this.lookAgain();
  };

  private endSettling(): void {
    const { settled } = this;
    this.settled = undefined;
    settled?.();
  }

  private lookAgain(): void {
    this.roundsLeft -= 1;
    void NOW.then(this.lookNextTick);
  }

  private readonly lookNextTick = (): void => process.nextTick(this.look);

  /** Moves the world to `until`, one timer after the other: without a promise for each, because an hour has some fifteen thousand. */
  runUntil(until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const guarded = (move: () => void) => () => {
        try {
          move();
        } catch (error) {
          reject(error);
        }
      };
      const next = guarded(() => {
        if (!this.clock.step(until)) return resolve();
        this.steps += 1;
        this.settle(stepped);
      });
      const stepped = guarded(() => {
        const looked = this.onStep();
        if (looked) looked.then(next, reject);
        else next();
      });
      this.settle(next);
    });
  }
}
