/** What becomes of drawn seeds that failed: of each broken promise the first is made small and put into the bank. */
import { bank, bankName } from '../bank/bank.ts';
import { type DrawnEntry, written } from '../bank/entry.ts';
import type { Pool } from '../jobs/pool.ts';
import { drawScript } from '../people/draw-script.ts';
import { checkerIn } from '../planted/checker-in.ts';
import { partOptions, shrunkLines } from '../shrink/told.ts';
import type { SmallWorld } from '../shrink/world.ts';

export interface FailedSeed {
  readonly seed: string;
  readonly failures: readonly string[];
}

export interface SmallOptions {
  readonly minutes: number;
  readonly faults: boolean;
  readonly burst: boolean;
  readonly json: boolean;
  /** Runs for each seed; 0: nothing is made small. */
  readonly shrink: number;
  readonly bank: boolean;
}

/** Many seeds most often fail for few reasons. */
const SEEDS_MAX = 3;
const MINUTE_MS = 60_000;

function firstOfEach(failed: readonly FailedSeed[]): readonly FailedSeed[] {
  const seen = new Set<string>();
  const first = failed.filter(({ failures }) => {
    const checkers = failures.map(checkerIn);
    const isNew = checkers.some((checker) => !seen.has(checker));
    for (const checker of checkers) seen.add(checker);
    return isNew;
  });
  return first.slice(0, SEEDS_MAX);
}

function entryOf({ seed, failures }: FailedSeed, small: SmallWorld | undefined, options: SmallOptions): DrawnEntry {
  const whole = () => drawScript(seed, options.minutes * MINUTE_MS, options.faults);
  const found = (small?.failures ?? failures)[0] ?? 'it failed';
  const script = written(small?.script ?? whole());
  return { kind: 'drawn', found, seed, ...(options.burst && { burst: true }), script };
}

/** The command that makes a failed seed small, or runs what is left of it; undefined where it knows of none. */
export const shrinkCommand = (seed: string, { minutes, faults, burst }: SmallOptions): string | undefined =>
  faults && !burst ? `npm run shrink -- --seed ${seed} --minutes ${minutes}` : undefined;

async function tell(pool: Pool, failed: FailedSeed, options: SmallOptions): Promise<void> {
  const { seed, failures } = failed;
  const { minutes, faults, burst, json, shrink: runsMax } = options;
  const task = { kind: 'small', seed, virtualMs: minutes * MINUTE_MS, faults, failures, runsMax } as const;
  const outcome = burst || runsMax === 0 ? undefined : await pool.run<'small'>(task);
  const small = outcome && 'done' in outcome ? outcome.done : undefined;
  const banked = options.bank
    ? bank(bankName(seed, failures[0] ?? ''), entryOf(failed, small, options))
    : 'not banked: --no-bank';
  const command = shrinkCommand(seed, options);
  const again = small && command && `${command} ${partOptions(small.part)}`;
  if (json) {
    const left = small && { ...small.left, breaks: small.failures, runs: small.runs, again };
    process.stderr.write(`${JSON.stringify({ small: { seed, ...left, banked } })}\n`);
    return;
  }
  const lines = small ? shrunkLines(small, small.left, again ?? 'no command runs it alone') : [];
  process.stdout.write([`SMALL  seed ${seed}`, ...[...lines, banked].map((line) => `  ${line}`), ''].join('\n'));
}

/** One after the other, so that what is written is in the seeds' order. */
export async function tellSmallSeeds(pool: Pool, failed: readonly FailedSeed[], options: SmallOptions): Promise<void> {
  if (options.shrink === 0 && !options.bank) return;
  for (const one of firstOfEach(failed)) await tell(pool, one, options);
}
