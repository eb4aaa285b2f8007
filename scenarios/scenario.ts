/**
 * `npm run scenario`: runs scenario files, each with its seeds, in worker threads. Says first what it runs with, then a line a run, and
 * for each that failed why and how to repeat it. Exit codes: 0 all held, 1 something did not, 2 bad usage or a file with errors.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { CHECKOUT_DIRECTORY } from '../db/client/package-root.ts';
import { EXIT } from '../system/cli/outcome.ts';
import { endWithReader } from '../system/cli/reader.ts';
import { wholeNumber } from '../system/cli/whole-number.ts';
import { bankFirst, dueFirst, openBank } from './cli/bank-first.ts';
import { presentCommit } from './cli/commit.ts';
import { findFiles } from './cli/find-files.ts';
import { headerJson, headerText } from './cli/header.ts';
import { isFolder, reportFiles, whyNoFolder, whyUnwritable } from './cli/outputs.ts';
import { openProgress } from './cli/progress.ts';
import { repeatCommand } from './cli/repeat.ts';
import { junitXml, problemsOf, resultLine, type Shown } from './cli/show.ts';
import { tellSmall, worthTelling } from './cli/small-runs.ts';
import { duration } from './file/fields.ts';
import { type LoadedScenario, loadScenario } from './file/load.ts';
import { ScenarioError } from './file/problems.ts';
import { openPool } from './jobs/pool.ts';
import type { ScenarioResult } from './recording.ts';
import { renderReport } from './report/report.ts';
import { strayPlaces } from './shrink/scenario-part.ts';
import { placesFrom, wordsIn } from './shrink/told.ts';

interface Options {
  readonly seed?: string;
  readonly seeds: number;
  readonly until?: number;
  readonly json: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly doubleCheck: boolean;
  readonly planted: boolean;
  readonly keep?: readonly number[];
  readonly with: readonly string[];
  readonly shrink: number;
  readonly bank: boolean;
  readonly jobs: number;
}

const BAD_USAGE = 2;
const LIBRARY = join(CHECKOUT_DIRECTORY, 'scenarios', 'library');

function virtualMs(text: string): number {
  const parsed = duration.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

const program = new Command('scenario')
  .description(
    'Runs scenarios of the whole product in virtual time. All data is simulated unless a scenario reads a file.',
  )
  .argument('[what...]', 'files, folders, or names of the library; without any the whole library')
  .option('--seed <seed>', "instead of the file's own")
  .option('--seeds <n>', 'so many seeds each, counted up from the first', wholeNumber(1), 1)
  .option('--until <duration>', 'ends earlier or later, such as 10m; what lies behind it does not happen', virtualMs)
  .option('--json', 'one JSON line a run instead of text', false)
  .option('--junit <file>', 'also writes JUnit XML')
  .option('--html <file>', 'also writes a report; with several runs a folder of reports')
  .option('--double-check', 'runs each twice and compares what happened', false)
  .option('--planted', 'also with each bug that a file says it catches, at its first seed: it has to be seen', false)
  .option('--keep <places>', 'run only these steps of the script, such as 3,17; - for none', placesFrom(1))
  .option('--with <places>', 'with --keep: only these windows of `faults`, such as 1,2; - for none', wordsIn, [])
  .option(
    '--shrink <runs>',
    'so many runs may be spent on making the first failing seed of a file small; 0: none',
    wholeNumber(0),
    40,
  )
  .option('--no-bank', 'without scenarios/seeds/: what failed there is not run first, and what fails is not kept there')
  .option('--jobs <n>', 'worker threads', wholeNumber(1), availableParallelism())
  .addHelpText(
    'after',
    `
Examples:
  npm run scenario -- first-trade
  npm run scenario -- scenarios/library --seeds 20 --junit results.xml
  npm run scenario -- my.yaml --seed 7 --double-check --html report.html
  npm run scenario -- 09 --planted

Runs that once failed (scenarios/seeds/) are run first: all of them before a folder or as many runs, else those of the files. A failing
seed of a whole file, up to ten a file, is kept there; a wrong expectation is mended in its file, and the seed then holds.
Exit codes: 0 everything held, 1 an expectation or a promise did not, 2 bad usage or a file with errors.
`,
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : BAD_USAGE));
program.parse();
const options = program.opts<Options>();
// Not everything was told, so that nobody may take it for held.
endWithReader(process.stdout, EXIT.failed);

function giveUp(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(BAD_USAGE);
}

// npm runs this in the checkout. Whoever gave the command stands elsewhere, perhaps: what he is told and what is written is named from there.
process.chdir(process.env.INIT_CWD ?? '.');
/** What is asked for lies there, or below the checkout. */
const folders = [process.cwd(), CHECKOUT_DIRECTORY];
const written = (path: string | undefined): string | undefined => path && resolve(path);
const [html, junit] = [written(options.html), written(options.junit)];

/** Every file is read before anything runs: all their errors are told together. */
async function loadAll(): Promise<LoadedScenario[]> {
  const asked = program.args.length > 0 ? program.args : [LIBRARY];
  const errors: string[] = [];
  const loaded: LoadedScenario[] = [];
  let files: string[] = [];
  try {
    files = findFiles(asked, LIBRARY, folders);
  } catch (error) {
    giveUp([error instanceof Error ? error.message : String(error)]);
  }
  for (const file of files) {
    try {
      loaded.push(await loadScenario(file));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      errors.push(...error.lines);
    }
  }
  if (errors.length > 0) giveUp(errors);
  return loaded;
}

/** `7` goes on with 8 and 9, a text with `text-2` and `text-3`. */
function seedsFrom(first: string): string[] {
  const isWhole = /^\d{1,15}$/.test(first);
  return Array.from({ length: options.seeds }, (_, index) => {
    if (index === 0) return first;
    return isWhole ? String(Number(first) + index) : `${first}-${index + 1}`;
  });
}

const commit = presentCommit();
const scenarios = await loadAll();
/** `bug`: place of the planted bug, none in a run of the scenario as it is. */
interface Wanted {
  readonly file: string;
  readonly seed: string;
  readonly bug?: number;
}

const runs = scenarios.flatMap(({ file, scenario }): Wanted[] => {
  const seeds = seedsFrom(options.seed ?? scenario.seed);
  const bugs = options.planted ? scenario.catches.map((_, bug) => ({ file, seed: seeds[0]!, bug })) : [];
  return [...seeds.map((seed) => ({ file, seed })), ...bugs];
});
const keep = options.keep && { steps: options.keep, faults: options.with };
const reports = html === undefined ? [] : reportFiles(html, runs);

/** What can be known to go wrong before anything runs. */
function badUsage(): string[] {
  const stray = keep ? scenarios.flatMap((loaded) => strayPlaces(loaded, keep)) : [];
  const noReport = html !== undefined && (reports[0] === html ? whyUnwritable(html) : whyNoFolder(html));
  const noJunit = junit !== undefined && whyUnwritable(junit);
  return [
    ...(options.with.length > 0 && !keep ? ['--with belongs to --keep: without it all windows of faults are run'] : []),
    ...stray,
    ...(noReport ? [`--html ${options.html} can't be written: ${noReport}`] : []),
    ...(noJunit ? [`--junit ${options.junit} can't be written: ${noJunit}`] : []),
  ];
}
const unusable = badUsage();
if (unusable.length > 0) giveUp(unusable);

const jobs = Math.min(options.jobs, runs.length);
const first = [...new Set(runs.map(({ seed }) => seed))];
const header = {
  what: `${scenarios.length} scenarios, ${runs.length} runs`,
  seed: first.length > 3 ? `${first[0]} to ${first.at(-1)}` : first.join(', '),
  threads: jobs,
};
process.stdout.write(`${options.json ? headerJson(program, header) : headerText(program, header)}\n`);

const progress = openProgress(process.stderr, !options.json);
const pool = openPool(new URL('./worker.js', import.meta.url), jobs);
let finished = 0;

const { until: untilMs, doubleCheck, planted } = options;
const repeatLine = ({ file, seed }: Pick<Shown, 'file' | 'seed'>, part = keep): string =>
  repeatCommand({ file, seed, untilMs, doubleCheck, planted, keep: part });

const more = { ...(untilMs !== undefined && { untilMs }), ...(keep && { keep }) };

/** A seed that failed under a planted bug is none to make small. */
async function tellAllSmall(all: readonly Shown[]): Promise<readonly Shown[]> {
  const { shrink, json, bank } = options;
  progress.clear();
  const small = { pool, more, shrink, bank, json, repeatLine };
  const unplanted = all.filter((_, index) => runs[index]!.bug === undefined);
  const told = new Map<ScenarioResult, readonly string[]>();
  await Promise.all(
    worthTelling(unplanted, small).map(async ({ failed, shrink: runsMax }) =>
      told.set(failed.result, await tellSmall(failed, { ...small, shrink: runsMax })),
    ),
  );
  return all.map((shown) => ({ ...shown, small: (shown.result && told.get(shown.result)) ?? [] }));
}

function tell(shown: Shown): void {
  finished += 1;
  progress.clear();
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ file: shown.file, seed: shown.seed, ...shown.result, ...(shown.error !== undefined && { error: shown.error }) })}\n`,
    );
  else {
    process.stdout.write(`${shown.result ? resultLine(shown.result) : `FAILED ${shown.file}  seed ${shown.seed}`}\n`);
    const problems = shown.result ? problemsOf(shown.result) : [`could not be run: ${shown.error}`];
    for (const problem of problems) process.stdout.write(`  ${problem}\n`);
    if (problems.length > 0) process.stdout.write(`  repeat with: ${repeatLine(shown)}\n`);
  }
  if (finished < runs.length) progress.show(`${finished} of ${runs.length} runs`);
}

const asked = {
  files: new Set(scenarios.map(({ file }) => relative(CHECKOUT_DIRECTORY, file))),
  runs: runs.filter(({ bug }) => bug === undefined).length,
  isFolder: program.args.length === 0 || program.args.some((what) => folders.some((at) => isFolder(resolve(at, what)))),
  isPart: keep !== undefined,
};
const broken = options.bank ? await bankFirst(pool, dueFirst(openBank(options.json), asked), options.json) : [];

const all: Shown[] = await Promise.all(
  runs.map(async (wanted, place) => {
    const { file, seed } = wanted;
    const outcome = await pool.run<'scenario'>({
      ...{ kind: 'scenario', ...wanted, repeat: doubleCheck ? 2 : 1 },
      ...more,
      overheard: html !== undefined,
      ...(commit !== undefined && { commit }),
    });
    const shown: Shown =
      'done' in outcome ? { file, seed, result: outcome.done.result } : { file, seed, error: outcome.error };
    tell(shown);
    const report = reports[place];
    if ('done' in outcome && report !== undefined)
      writeFileSync(report, renderReport({ ...outcome.done, repeatWith: repeatLine(wanted) }));
    return shown;
  }),
);
const told = await tellAllSmall(all);
progress.clear();
await pool.close();
if (junit !== undefined) writeFileSync(junit, junitXml(told, broken));
const failed = all.filter(({ result }) => !result?.passed).length;
const isFine = failed + broken.length === 0;
const again = broken.length === 0 ? '' : `, ${broken.length} of the bank's entries are broken again`;
if (!options.json)
  process.stdout.write(isFine ? 'everything held\n' : `${failed} of ${all.length} runs failed${again}\n`);
process.exit(isFine ? 0 : 1);
