/** What becomes of scenarios that failed: of each file the first seed is made small, and on demand the first ten are kept in the bank. */
import { basename, relative } from 'node:path';
import { bank, bankName } from '../bank/bank.ts';
import type { Entry } from '../bank/entry.ts';
import type { LoadedScenario } from '../file/load.ts';
import { importTyped } from '../file/typed.ts';
import type { Pool } from '../jobs/pool.ts';
import type { ScenarioTask, ShrunkScenario } from '../jobs/task.ts';
import type { ScenarioResult } from '../recording.ts';
import { failuresIn } from '../shrink/scenario-part.ts';
import { partOptions, shrunkLines } from '../shrink/told.ts';
import type { Shown } from './show.ts';

export type Failed = Shown & { readonly result: ScenarioResult };

export interface SmallRuns {
  readonly pool: Pool;
  readonly scenarios: readonly LoadedScenario[];
  /** What every run of the command has. */
  readonly more: Pick<ScenarioTask, 'untilMs' | 'keep'>;
  /** Runs for each file; 0: nothing is made small. */
  readonly shrink: number;
  readonly bank: boolean;
  readonly json: boolean;
  readonly repeatLine: (shown: Shown) => string;
}

/** Of one file: more than these tell nothing more, and each is run before everything from then on. */
const BANKED_MAX = 10;

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
    const isTold = isKept ? before < BANKED_MAX : isFirst && shrink > 0;
    return isTold ? [{ failed: { ...shown, result }, shrink: isFirst ? shrink : 0 }] : [];
  });
}

/** A program is kept as what it has made. */
async function textOf(file: string, scenarios: readonly LoadedScenario[]): Promise<string> {
  if (file.endsWith('.ts')) return JSON.stringify(await importTyped(file));
  return scenarios.find((loaded) => loaded.file === file)?.text ?? '';
}

async function keep(failed: Failed, small: ShrunkScenario | undefined, runs: SmallRuns): Promise<string> {
  const { file, seed, result } = failed;
  const part = small?.part ?? runs.more.keep;
  const found = failuresIn(result)[0] ?? 'it failed';
  const entry: Entry = {
    ...{ kind: 'scenario', found, seed, file: relative(process.cwd(), file) },
    text: await textOf(file, runs.scenarios),
    ...(runs.more.untilMs !== undefined && { untilMs: runs.more.untilMs }),
    ...(part && { keep: { steps: [...part.steps], faults: [...part.faults] } }),
  };
  return bank(bankName(seed, basename(file).replace(/\..*$/, '')), entry);
}

/** What was told of it, for a report as well. */
export async function tellSmall(failed: Failed, runs: SmallRuns): Promise<readonly string[]> {
  const { file, seed, result } = failed;
  const { pool, more, shrink: runsMax, json } = runs;
  const task = { kind: 'shrink', file, seed, ...more, failures: failuresIn(result), runsMax } as const;
  const outcome = runsMax > 0 ? await pool.run<'shrink'>(task) : undefined;
  const small = outcome && 'done' in outcome ? outcome.done : undefined;
  const banked = runs.bank ? await keep(failed, small, runs) : undefined;
  const again = small && `${runs.repeatLine(failed)} ${partOptions(small.part)}`;
  const lines = [...(small ? shrunkLines(small, small.left, again ?? '') : []), ...(banked ? [banked] : [])];
  if (lines.length === 0) return lines;
  if (json) {
    const left = small && { ...small.left, breaks: small.failures, runs: small.runs, again };
    process.stdout.write(`${JSON.stringify({ small: { file, seed, ...left, ...(banked && { banked }) } })}\n`);
  } else
    process.stdout.write([`SMALL  ${result.name}  seed ${seed}`, ...lines.map((line) => `  ${line}`), ''].join('\n'));
  return lines;
}
