/** What becomes of scenarios that failed: of each file the first seed is made small, and the first ten are kept in the bank. */
import { basename, relative } from 'node:path';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { bankName, bankSeed, SEEDS_OF_A_FILE_MAX } from '../bank/bank.ts';
import { hashOf } from '../bank/file-entry.ts';
import type { Pool } from '../jobs/pool.ts';
import type { ScenarioTask } from '../jobs/task.ts';
import type { ScenarioResult } from '../recording.ts';
import type { Part } from '../shrink/part.ts';
import { failuresIn } from '../shrink/scenario-part.ts';
import { shrunkLines } from '../shrink/told.ts';
import type { Shown } from './show.ts';

export type Failed = Shown & { readonly result: ScenarioResult };

export interface SmallRuns {
  readonly pool: Pool;
  /** What every run of the command has. */
  readonly more: Pick<ScenarioTask, 'untilMs' | 'keep'>;
  /** Runs for each file; 0: nothing is made small. */
  readonly shrink: number;
  readonly bank: boolean;
  readonly json: boolean;
  readonly repeatLine: (shown: Shown, part: Part) => string;
}

/** Which failed runs are told once more, and what making them small may cost. The first of a file stands for others, which most often fail alike. */
export function worthTelling(
  all: readonly Shown[],
  { shrink, bank: isKept }: Pick<SmallRuns, 'shrink' | 'bank'>,
): readonly { readonly failed: Failed; readonly shrink: number }[] {
  const seen = new Map<string, number>();
  return all.flatMap((shown) => {
    const { result, file } = shown;
    if (result?.passed !== false) return [];
    const before = seen.get(file) ?? 0;
    seen.set(file, before + 1);
    const isFirst = before === 0;
    const isTold = isKept ? before < SEEDS_OF_A_FILE_MAX : isFirst && shrink > 0;
    return isTold ? [{ failed: { ...shown, result }, shrink: isFirst ? shrink : 0 }] : [];
  });
}

/** The whole file with its seed: what is left of it by shrinking would not meet its other expectations, once the failure is mended. */
function keep({ file, seed, result }: Failed, { more }: SmallRuns): string {
  if (more.untilMs !== undefined || more.keep) return 'not banked: only a part of the file was run';
  const found = failuresIn(result)[0] ?? 'it failed';
  const name = bankName(seed, basename(file).replace(/\..*$/, ''));
  const kept = { kind: 'scenario', found, seed, file: relative(CHECKOUT_DIRECTORY, file) } as const;
  return bankSeed(name, { ...kept, hash: hashOf(file) });
}

/** What was told of it, for a report as well. */
export async function tellSmall(failed: Failed, runs: SmallRuns): Promise<readonly string[]> {
  const { file, seed, result } = failed;
  const { pool, more, shrink: runsMax, json } = runs;
  const task = { kind: 'shrink', file, seed, ...more, failures: failuresIn(result), runsMax } as const;
  const outcome = runsMax > 0 ? await pool.run<'shrink'>(task) : undefined;
  const done = outcome && 'done' in outcome ? outcome.done : undefined;
  const whyNot = done && 'whyNot' in done ? done.whyNot : undefined;
  const small = done && 'left' in done ? done : undefined;
  const banked = runs.bank ? keep(failed, runs) : undefined;
  const again = small && runs.repeatLine(failed, small.part);
  const shrunk = small ? shrunkLines(small, small.left, again ?? '') : [];
  const lines = [...shrunk, whyNot ?? [], banked ?? []].flat();
  if (lines.length === 0) return lines;
  if (json) {
    const left = small ? { ...small.left, breaks: small.failures, runs: small.runs, again } : { whyNot };
    process.stdout.write(`${JSON.stringify({ small: { file, seed, ...left, ...(banked && { banked }) } })}\n`);
  } else
    process.stdout.write([`SMALL  ${result.name}  seed ${seed}`, ...lines.map((line) => `  ${line}`), ''].join('\n'));
  return lines;
}
