/**
 * `npm run simulate`: draws worlds from seeds, runs them with faults in worker threads, checks every promise, prints one line a seed in
 * the seeds' order. The first seed is printed first, and a failed seed with the command that repeats it.
 */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { liveClock } from '../runtime/live/clock.ts';
import type { Outcome } from '../runtime/live/thread-pool.ts';
import { wholeNumber } from '../system/cli/whole-number.ts';
import { presentCommit } from './cli/commit.ts';
import { openProgress } from './cli/progress.ts';
import { faultsText } from './cli/show.ts';
import { Tally } from './cli/tally.ts';
import type { DrawnResult } from './drawn.ts';
import { duration } from './file/fields.ts';
import { openPool } from './jobs/pool.ts';
import { coverageLines } from './sometimes/coverage.ts';
import { neverReached } from './sometimes/sometimes.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly for?: number;
  readonly minutes: number;
  readonly json: boolean;
  readonly embedded: boolean;
  readonly repeat: number;
  readonly burst: boolean;
  readonly faults: boolean;
  readonly requireSometimes: boolean;
  readonly jobs: number;
}

const MINUTE_MS = 60_000;

function realMs(text: string): number {
  const parsed = duration.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

function show(result: DrawnResult, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(result)}\n`);
  const { seed, hash, virtualMs, records, lives, faults, failures } = result;
  process.stdout.write(
    `seed ${seed}  ${hash.slice(0, 16)}  ${(virtualMs / MINUTE_MS).toFixed(1)} virtual min  ${records} records  ${lives} lives  faults: ${faultsText(faults)}\n`,
  );
  for (const failure of failures) process.stdout.write(`  FAILED ${failure}\n`);
}

const program = new Command('simulate')
  .description(
    'Runs the whole product in simulated worlds drawn from seeds, and checks every promise. All data is simulated.',
  )
  .option('--seeds <n>', 'how many seeds', wholeNumber(0), 10)
  .option('--from <seed>', 'the first seed', wholeNumber(0), 1)
  .option(
    '--for <duration>',
    'goes on with further seeds for so long in real time, such as 10m, instead of --seeds',
    realMs,
  )
  .option('--minutes <n>', 'how long the crowd stays, in virtual minutes', wholeNumber(0), 10)
  .option('--no-faults', 'worlds in which nothing goes wrong')
  .option('--embedded', 'on the embedded database instead of its in-memory twin', false)
  .option('--repeat <n>', 'run each seed so often and compare the hashes', wholeNumber(1), 1)
  .option('--burst', 'sixty requests at one virtual instant instead of a crowd', false)
  .option('--require-sometimes', 'fail when a rare situation was never reached', false)
  .option('--jobs <n>', 'worker threads', wholeNumber(1), availableParallelism())
  .option('--json', 'one JSON line a seed', false)
  .addHelpText(
    'after',
    `
Examples:
  npm run simulate -- --seeds 100
  npm run simulate -- --for 10m --minutes 60
  npm run simulate -- --from 42 --seeds 1 --repeat 1000 --burst
`,
  );

program.parse();
const options = program.opts<Options>();
const { from, seeds, minutes, json, jobs } = options;
const { monotonic } = liveClock();
const startedMs = monotonic();
const goesOn = (count: number): boolean =>
  options.for === undefined ? count < seeds : monotonic() - startedMs < options.for;
const howMany = options.for === undefined ? `${seeds} seeds` : `seeds for ${options.for / 1_000} s`;
if (!json)
  process.stdout.write(
    `first seed ${from}, ${howMany}, ${minutes} virtual minutes each, commit ${presentCommit() ?? 'unknown'}, node ${process.version}, ${jobs} threads\n`,
  );

const tally = new Tally();
const pool = openPool(new URL('./worker.js', import.meta.url), jobs);
const progress = openProgress(process.stderr, !json);
/** Finished out of turn, until those before them are. */
const early = new Map<number, Outcome<DrawnResult>>();
let begun = 0;

function tell(seed: number, outcome: Outcome<DrawnResult>): void {
  progress.clear();
  if ('done' in outcome) {
    tally.add(outcome.done);
    show(outcome.done, json);
  } else {
    tally.seeds += 1;
    tally.failed += 1;
    process.stdout.write(
      json
        ? `${JSON.stringify({ seed, error: outcome.error })}\n`
        : `seed ${seed}\n  FAILED could not be run: ${outcome.error}\n`,
    );
  }
  const hasFailed = 'error' in outcome || outcome.done.failures.length > 0;
  if (hasFailed && !json) {
    const flags = `${options.burst ? ' --burst' : ''}${options.faults ? '' : ' --no-faults'}${options.embedded ? ' --embedded' : ''}`;
    process.stdout.write(`  repeat with: npm run simulate -- --from ${seed} --seeds 1 --minutes ${minutes}${flags}\n`);
  }
}

/** One seed after the other, as long as there is something to do. */
async function worker(): Promise<void> {
  const { faults, burst, embedded, repeat } = options;
  while (goesOn(begun)) {
    const seed = from + begun;
    begun += 1;
    const task = { kind: 'drawn', seed: String(seed), virtualMs: minutes * MINUTE_MS } as const;
    early.set(seed, await pool.run<'drawn'>({ ...task, faults, burst, embedded, repeat }));
    for (let next = from + tally.seeds; early.has(next); next = from + tally.seeds) {
      tell(next, early.get(next)!);
      early.delete(next);
    }
    progress.show(`${tally.seeds} seeds done, ${tally.failed} failed`);
  }
}

await Promise.all(Array.from({ length: jobs }, worker));
progress.clear();
await pool.close();
if (!json) {
  process.stdout.write(`${tally.lines(monotonic() - startedMs).join('\n')}\n`);
  process.stdout.write(
    tally.failed === 0 ? 'all promises held\n' : `${tally.failed} of ${tally.seeds} seeds broke a promise\n`,
  );
  process.stdout.write(`${coverageLines(tally.sometimes).join('\n')}\n`);
}
const never = neverReached(tally.sometimes);
const isTame = options.requireSometimes && never.length > 0;
if (isTame) process.stderr.write(`never reached: ${never.join(', ')}\n`);
process.exit(tally.failed === 0 && !isTame ? 0 : 1);
