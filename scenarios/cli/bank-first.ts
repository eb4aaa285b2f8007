/** Before anything else, what once failed: each entry of the bank is run again and has to hold. */
import { type Banked, dropGone, readBank } from '../bank/bank.ts';
import type { Pool } from '../jobs/pool.ts';

export interface BankOutcome {
  readonly name: string;
  readonly failures: readonly string[];
}

export interface Asked {
  /** Below the checkout. */
  readonly files: ReadonlySet<string>;
  /** Of the scenarios as they are, over all seeds. */
  readonly runs: number;
  /** A folder, or the library as a whole. */
  readonly isFolder: boolean;
  /** Only a part of a file's steps. */
  readonly isPart: boolean;
}

/**
 * All of it before a run of its own size: a folder, or as many files and seeds as it has entries. A smaller one is how a person works on a
 * file, and takes seconds: there what failed of this very file comes first. Nothing before a part of a file, which repeats a failure.
 */
export function dueFirst(banked: readonly Banked[], { files, runs, isFolder, isPart }: Asked): readonly Banked[] {
  if (isPart) return [];
  if (isFolder || runs >= banked.length) return banked;
  return banked.filter(({ entry }) => entry.kind !== 'drawn' && files.has(entry.file));
}

/** The bank, without the seeds of files that no longer exist: what leaves it is said. */
export function openBank(json: boolean, out: NodeJS.WritableStream = process.stdout): readonly Banked[] {
  const lines = dropGone();
  for (const line of lines) out.write(`${json ? JSON.stringify({ dropped: line }) : line}\n`);
  return readBank();
}

/** Of each entry what is broken again, in the bank's order. */
async function replayAll(pool: Pool, banked: readonly Banked[]): Promise<readonly BankOutcome[]> {
  return Promise.all(
    banked.map(async ({ name, entry }) => {
      const outcome = await pool.run<'bank'>({ kind: 'bank', entry });
      return { name, failures: 'done' in outcome ? outcome.done : [`could not be run: ${outcome.error}`] };
    }),
  );
}

function linesOf(outcomes: readonly BankOutcome[]): string[] {
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  const lines = failed.flatMap(({ name, failures }) => [
    `FAILED bank ${name}`,
    ...failures.map((failure) => `  ${failure}`),
  ]);
  return [...lines, `bank: ${outcomes.length - failed.length} of ${outcomes.length} earlier failures stay mended`];
}

/** Writes what came of it; tells what is broken again. */
export async function bankFirst(
  pool: Pool,
  banked: readonly Banked[],
  json: boolean,
  out: NodeJS.WritableStream = process.stdout,
): Promise<readonly BankOutcome[]> {
  if (banked.length === 0) return [];
  const outcomes = await replayAll(pool, banked);
  const lines = json
    ? outcomes.map(({ name, failures }) => JSON.stringify({ bank: name, failures }))
    : linesOf(outcomes);
  out.write(`${lines.join('\n')}\n`);
  return outcomes.filter(({ failures }) => failures.length > 0);
}
