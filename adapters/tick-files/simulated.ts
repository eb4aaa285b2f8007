/**
 * Tick files of a simulated world: in memory, answered at virtual times, with faults by seeded rates. What a process was being brought
 * dies with it; a dead one's calls are never answered.
 */
import type { NamedFile, Spool, TickFile, TickFiles } from '../../market/import/tick-files.ts';
import type { Bytes } from '../../market/importers/plain-bytes.ts';
import type { Random } from '../../runtime/ports.ts';
import { MemoryTickFiles } from './memory.ts';

export const TICK_FILE_FAULT_KINDS = ['spool-error'] as const;
export type TickFileFaultKind = (typeof TICK_FILE_FAULT_KINDS)[number];

export interface TickFileFaults {
  /** Chance that a piece of a file that is being brought cannot be kept. */
  readonly errorRatio: number;
}

export const NO_TICK_FILE_FAULTS: TickFileFaults = { errorRatio: 0 };

/** Rates for one world, off in half of the worlds. */
export const drawTickFileFaults = (random: Random): TickFileFaults => ({
  errorRatio: random.next() < 0.5 ? 0 : random.next() * 0.02,
});

type Life = {
  readonly isDead: () => boolean;
  /** The answer of a living process, at the next virtual moment. */
  readonly alive: <T>(work: () => Promise<T>) => Promise<T>;
};

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class SimulatedTickFiles {
  readonly faultCounts: Record<TickFileFaultKind, number> = { 'spool-error': 0 };
  private faults = NO_TICK_FILE_FAULTS;

  constructor(
    private readonly random: Random,
    private readonly sleep: (ms: number) => Promise<void>,
    /** Files that may be named, by path; undefined: no folder was set. */
    private readonly named?: ReadonlyMap<string, Uint8Array>,
  ) {}

  setFaults(faults: TickFileFaults): void {
    this.faults = faults;
  }

  /** The files of one life of the product. */
  connect(isDead: () => boolean): TickFiles {
    const files = new MemoryTickFiles(this.named);
    const alive = async <T>(work: () => Promise<T>): Promise<T> => {
      if (isDead()) return never();
      await this.sleep(0);
      return isDead() ? never() : work();
    };
    const life = { isDead, alive };
    return {
      spool: () =>
        alive(async () => {
          const spool = await files.spool();
          return spool && this.spool(spool, life);
        }),
      open: (path) => alive(async () => heldBy(await files.open(path), life)),
    };
  }

  private spool(spool: Spool, life: Life): Spool {
    const { alive } = life;
    return {
      get sizeBytes() {
        return spool.sizeBytes;
      },
      ...reads(spool, life),
      write: (piece) =>
        alive(async () => {
          if (this.random.next() < this.faults.errorRatio) {
            this.faultCounts['spool-error'] += 1;
            throw new Error('simulated: a piece of the file could not be kept');
          }
          return spool.write(piece);
        }),
    };
  }
}

/** No moment passes while a living process reads what it has. */
const reads = (file: TickFile, { isDead }: Life): Pick<TickFile, 'bytes' | 'close'> => ({
  bytes: () => whileAlive(file.bytes(), isDead),
  close: () => (isDead() ? never() : file.close()),
});

async function* whileAlive(pieces: Bytes, isDead: () => boolean): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    if (isDead()) await never();
    yield piece;
  }
  if (isDead()) await never();
}

function heldBy(named: NamedFile, life: Life): NamedFile {
  if (named.outcome !== 'opened') return named;
  const { file } = named;
  return { outcome: 'opened', file: { sizeBytes: file.sizeBytes, ...reads(file, life) } };
}
