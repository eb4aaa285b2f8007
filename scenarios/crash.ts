/**
 * Entry of `npm run crash`: kills and restarts of real processes, one line a kill, a summary, and a non-zero exit code when a promise
 * was broken. The seed comes first, so that a run that hangs can be repeated.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../system/cli/outcome.ts';
import { endWithReader } from '../system/cli/reader.ts';
import { DATABASES, type DatabaseKind } from './crash/place.ts';
import { ALL_EPISODES, type CrashReport, runCrash } from './crash/run.ts';

interface Options {
  readonly kills: number;
  readonly database: DatabaseKind | 'both';
  readonly seed: string;
  readonly json: boolean;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('is not a whole number');
  return Number(text);
}

const READY_MAX_MS = 5_000;
const { kills, database, seed, json } = new Command('crash')
  .description(
    'Kills the product at named and at seeded moments under load, restarts it, and proves that nothing was lost or doubled.',
  )
  .option('--kills <n>', 'kills on each database', whole, 20)
  .addOption(
    new Option('--database <which>', 'where the journal is kept').choices([...DATABASES, 'both']).default('both'),
  )
  .option('--seed <seed>', 'of load and moments', String(Date.now() % 1_000_000))
  .option('--json', 'the summary as JSON on the standard output, the lines on the standard error', false)
  .parse()
  .opts<Options>();

const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);

function summary(report: CrashReport): string {
  const { problems, readyMaxMs, acknowledged, refused, retried, records, venueOrders, fills } = report;
  return [
    `${report.database}: ${report.kills} kills, slowest start ${readyMaxMs} ms, ${acknowledged} orders acknowledged`,
    `${refused} refused, ${retried} told again, ${venueOrders} venue orders, ${fills} fills, ${records} records`,
    `${problems.length} broken promises`,
  ].join(', ');
}

// Not everything was told, so that nobody may take it for held.
endWithReader(process.stdout, EXIT.failed);
// Only an orderly exit ends what was started: children, the private server. Some send a signal twice.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

say(`seed ${seed}`);
const reports: CrashReport[] = [];
for (const kind of DATABASES) {
  if (database === 'both' || database === kind)
    reports.push(
      await runCrash({ database: kind, kills, seed, episodes: ALL_EPISODES, readyLimitMs: READY_MAX_MS, say }),
    );
}
for (const report of reports) say(summary(report));
if (json) process.stdout.write(`${JSON.stringify(reports)}\n`);
process.exit(reports.some(({ problems }) => problems.length > 0) ? 1 : 0);
