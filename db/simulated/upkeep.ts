/**
 * Upkeep of a simulated world: any place's own, whose answers take virtual time, so that commits, other requests and a crash fall into it.
 * Invariants: one at a time an instance of the product, and an instance that has died hears no more of it.
 */
import type { Copy, Upkeep } from '../../projections/upkeep.ts';
import type { Random } from '../../runtime/ports.ts';
import { Alone } from '../upkeep/alone.ts';

export interface SimulatedUpkeepOptions {
  readonly inner: Upkeep;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly isDead: () => boolean;
  /** The answer at the next virtual moment, in the order of asking. */
  readonly parked: <T>(work: () => Promise<T>) => Promise<T>;
  /** Throws when nothing can be written. */
  readonly refuseWhenFull: () => void;
}

const LOOK_MIN_MS = 20;
const LOOK_SPREAD_MS = 480;
const LINES_AT_ONCE = 500;
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export function simulatedUpkeep(options: SimulatedUpkeepOptions): Upkeep {
  const { inner, random, sleep, isDead, parked, refuseWhenFull } = options;
  const alone = new Alone();

  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    await sleep(LOOK_MIN_MS + Math.floor(random.next() * LOOK_SPREAD_MS));
    return isDead() ? never() : parked(work);
  };
  const writing = <T>(work: () => Promise<T>): Promise<T> =>
    slowly(async () => {
      refuseWhenFull();
      return work();
    });

  return {
    get underWay() {
      return alone.underWay;
    },
    verify: () => alone.run('verification', () => slowly(() => inner.verify())),
    replay: () => alone.run('replay', () => slowly(() => inner.replay())),
    backup: () => alone.run('backup', () => writing(async () => held(await inner.backup()))),
    archive: (keep) => alone.run('retention', () => writing(() => inner.archive(keep))),
    export: (fromSequence) => inPages(inner.export(fromSequence), options),
  };
}

/** Read at once: a file of a real place is no port of a world. */
async function held({ bytes, chunks }: Copy): Promise<Copy> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  async function* again(): AsyncGenerator<Uint8Array> {
    yield* all;
  }
  return { bytes, chunks: again() };
}

async function* inPages(
  lines: AsyncIterable<string>,
  { isDead, parked }: Pick<SimulatedUpkeepOptions, 'isDead' | 'parked'>,
): AsyncGenerator<string> {
  const iterator = lines[Symbol.asyncIterator]();
  const page = async (): Promise<readonly string[]> => {
    const read: string[] = [];
    while (read.length < LINES_AT_ONCE) {
      const next = await iterator.next();
      if (next.done) break;
      read.push(next.value);
    }
    return read;
  };
  for (;;) {
    const read = isDead() ? await never<readonly string[]>() : await parked(page);
    yield* read;
    if (read.length < LINES_AT_ONCE) return;
  }
}
