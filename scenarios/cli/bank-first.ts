/** Before anything else, what once failed: each entry of the bank is run again and has to hold. */
import type { Banked } from '../bank/bank.ts';
import type { Pool } from '../jobs/pool.ts';

interface Outcome {
  readonly name: string;
  readonly failures: readonly string[];
}

/** Of each entry what is broken again, in the bank's order. */
async function replayAll(pool: Pool, banked: readonly Banked[]): Promise<readonly Outcome[]> {
  return Promise.all(
    banked.map(async ({ name, entry }) => {
      const outcome = await pool.run<'bank'>({ kind: 'bank', entry });
      return { name, failures: 'done' in outcome ? outcome.done : [`could not be run: ${outcome.error}`] };
    }),
  );
}

function linesOf(outcomes: readonly Outcome[]): string[] {
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  const lines = failed.flatMap(({ name, failures }) => [
    `FAILED bank ${name}`,
    ...failures.map((failure) => `  ${failure}`),
  ]);
  return [...lines, `bank: ${outcomes.length - failed.length} of ${outcomes.length} earlier failures stay mended`];
}

/** Writes what came of it; tells how many are broken again. */
export async function bankFirst(pool: Pool, banked: readonly Banked[], json: boolean): Promise<number> {
  if (banked.length === 0) return 0;
  const outcomes = await replayAll(pool, banked);
  const lines = json
    ? outcomes.map(({ name, failures }) => JSON.stringify({ bank: name, failures }))
    : linesOf(outcomes);
  process.stdout.write(`${lines.join('\n')}\n`);
  return outcomes.filter(({ failures }) => failures.length > 0).length;
}
