/**
 * The process behind `npm run worker`: takes jobs from Redis and runs them in threads, beside as many others on as many machines. It
 * never touches the journal. SIGTERM saves what runs, hands it back and ends with 0.
 */
import { Command } from 'commander';
import { shownAddress } from '../adapters/redis/connection.ts';
import { serveRedisQueue } from '../adapters/redis/serve.ts';
import { assertMigrated } from '../db/client/migrate.ts';
import { openPostgres } from '../db/open.ts';
import { JOB_BOUNDS } from '../runtime/bounds.ts';
import { liveClock } from '../runtime/live/clock.ts';
import { laneCount } from '../runtime/live/job-threads.ts';
import { closeWorker, openAttendant, queueName } from './background.ts';
import { JOB_KINDS } from './job-kinds.ts';
import { openLog } from './log.ts';
import { readSettings, SettingsError } from './settings.ts';

const LOCK_MS = 10_000;

function die(error: unknown): never {
  process.stderr.write(`pitwall worker: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function settingsOrDie() {
  try {
    const { redisUrl, databaseUrl, logLevel, dataDir } = readSettings(process.env);
    const problems = [
      ...(redisUrl === undefined ? ['REDIS_URL is missing: a worker takes its jobs from there'] : []),
      ...(databaseUrl === undefined ? ['DATABASE_URL is missing: jobs and their results are kept there'] : []),
    ];
    if (redisUrl === undefined || databaseUrl === undefined) throw new SettingsError(problems);
    return { redisUrl, databaseUrl, logLevel, dataDir };
  } catch (error) {
    if (error instanceof SettingsError) die(error);
    throw error;
  }
}

new Command('worker')
  .description(
    'Takes jobs from Redis and runs them until it is told to stop. It is set up as the product is: REDIS_URL, DATABASE_URL.',
  )
  .allowExcessArguments(false)
  .parse();
const { redisUrl, databaseUrl, logLevel, dataDir } = settingsOrDie();
const log = openLog(logLevel);
const place = openPostgres({ url: databaseUrl, archiveDirectory: dataDir });
await assertMigrated(place.database.query).catch(die);
const attendant = openAttendant(place, liveClock(), log, () => undefined);
const name = await queueName(place).catch(die);
const concurrency = laneCount();
const server = await serveRedisQueue({
  ...{ url: redisUrl, name, concurrency, lockMs: LOCK_MS, log },
  async handle(id, takeOver) {
    const row = await attendant.attend(id, takeOver);
    if (row)
      say(`job ${row.id} (${row.kind}): ${row.state}, attempt ${row.attempt}${row.reason ? `, ${row.reason}` : ''}`);
  },
}).catch(die);

let stopping = false;
async function shutDown(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const hard = setTimeout(() => process.exit(1), JOB_BOUNDS.stopGraceMs * 2);
  hard.unref();
  await closeWorker(server, attendant);
  await place.close();
  say('pitwall worker stopped');
  process.exit(0);
}
process.on('SIGTERM', () => void shutDown().catch(die));
process.on('SIGINT', () => void shutDown().catch(die));

const kinds = JOB_KINDS.map(({ kind }) => kind).join(', ');
say(
  `pitwall worker ${process.pid} serves ${kinds} with ${concurrency} thread(s) from ${shownAddress(redisUrl)}, queue ${name}`,
);
if (!server.reachable) say('Redis does not answer yet; the worker waits for it');
