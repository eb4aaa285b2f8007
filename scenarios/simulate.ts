/**
 * `npm run simulate`: draws worlds from seeds, runs them with faults in worker threads, checks every promise, prints one line a seed in
 * the seeds' order. What once failed is run first; a failed seed is told with the command that repeats it, made small, and kept in the bank.
 */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { liveClock } from '../runtime/live/clock.ts';
import type { Outcome } from '../runtime/live/thread-pool.ts';
import { EXIT } from '../system/cli/outcome.ts';
import { endWithReader } from '../system/cli/reader.ts';
import { wholeNumber } from '../system/cli/whole-number.ts';
import { bankFirst, openBank } from './cli/bank-first.ts';
import { headerJson, headerText } from './cli/header.ts';
import { openProgress } from './cli/progress.ts';
import { faultsText } from './cli/show.ts';
import { type FailedSeed, shrinkCommand, tellSmallSeeds } from './cli/small-seeds.ts';
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
  readonly shrink: number;
  readonly bank: boolean;
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
  .option(
    '--shrink <runs>',
    'so many runs may be spent on making a failing seed small, the first of each broken promise; 0: none',
    wholeNumber(0),
    100,
  )
  .option('--no-bank', 'without scenarios/seeds/: what failed there is not run first, and what fails is not kept there')
  .option('--jobs <n>', 'worker threads', wholeNumber(1), availableParallelism())
  .option('--json', 'one JSON line a seed; all else, and what they were together, as JSON on the standard error', false)
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
// Not everything was told, so that nobody may take it for held.
endWithReader(process.stdout, EXIT.failed);
const { from, seeds, minutes, json, jobs } = options;
const { monotonic } = liveClock();
let startedMs = monotonic();
const goesOn = (count: number): boolean =>
  options.for === undefined ? count < seeds : monotonic() - startedMs < options.for;
const howMany = options.for === undefined ? `${seeds} seeds` : `seeds for ${options.for / 1_000} s`;
const header = { what: `${howMany}, ${minutes} virtual minutes each`, seed: String(from), threads: jobs };
/** Who reads seeds line by line as JSON finds nothing between them. */
const aside = json ? process.stderr : process.stdout;
aside.write(`${json ? headerJson(program, header) : headerText(program, header)}\n`);

const tally = new Tally();
const pool = openPool(new URL('./worker.js', import.meta.url), jobs);
const progress = openProgress(process.stderr, !json);
/** Finished out of turn, until those before them are. */
const early = new Map<number, Outcome<DrawnResult>>();
const failed: FailedSeed[] = [];
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
  if ('done' in outcome && outcome.done.failures.length === 0) return;
  if ('done' in outcome) failed.push({ seed: String(seed), failures: outcome.done.failures });
  if (!json) {
    const flags = `${options.burst ? ' --burst' : ''}${options.faults ? '' : ' --no-faults'}${options.embedded ? ' --embedded' : ''}`;
    process.stdout.write(
      `  repeat with: npm run simulate -- --from ${seed} --seeds 1 --minutes ${minutes}${flags} --no-bank\n`,
    );
    const shrink = shrinkCommand(String(seed), options);
    if (shrink !== undefined) process.stdout.write(`  make it small with: ${shrink}\n`);
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

const { length: broken } = await bankFirst(pool, options.bank ? openBank(json, aside) : [], json, aside);
startedMs = monotonic();
await Promise.all(Array.from({ length: jobs }, worker));
progress.clear();
await tellSmallSeeds(pool, failed, options);
await pool.close();
const tookMs = monotonic() - startedMs;
if (json) aside.write(`${JSON.stringify({ ends: tally.summary(tookMs, broken) })}\n`);
else {
  process.stdout.write(`${tally.lines(tookMs).join('\n')}\n`);
  const kept = broken === 0 ? '' : `, and ${broken} of the bank broke one again`;
  process.stdout.write(
    tally.failed + broken === 0
      ? 'all promises held\n'
      : `${tally.failed} of ${tally.seeds} seeds broke a promise${kept}\n`,
  );
  process.stdout.write(`${coverageLines(tally.sometimes).join('\n')}\n`);
}
const never = neverReached(tally.sometimes);
const isTame = options.requireSometimes && never.length > 0;
if (isTame) process.stderr.write(`never reached: ${never.join(', ')}\n`);
process.exit(tally.failed === 0 && broken === 0 && !isTame ? 0 : 1);
