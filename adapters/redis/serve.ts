/**
 * A worker's end of the queue on Redis: takes entries and hands them on. Whoever dies with an entry in hand loses its lock, and another
 * worker takes it over.
 */
import { Worker } from 'bullmq';
import type { HandleEntry, QueueServer } from '../../runtime/jobs/queue.ts';
import type { Log } from '../../runtime/ports.ts';
import { patient, watchRedis } from './connection.ts';
import type { Entry } from './queue.ts';

export interface ServeOptions {
  readonly url: string;
  readonly name: string;
  /** Entries in hand at the same time. */
  readonly concurrency: number;
  /** How long a silent worker keeps its entries. */
  readonly lockMs: number;
  readonly handle: HandleEntry;
  readonly log: Log;
}

/** Recoveries by the queue itself; beyond them the house notices. */
const STALLED_MAX = 10;

/** Rejects with UnfitRedis for a server that evicts. */
export async function serveRedisQueue(options: ServeOptions): Promise<QueueServer> {
  const { url, name, concurrency, lockMs, handle, log } = options;
  const watch = await watchRedis(url, (error) => log.error('redis.unfit', { reason: error.message }));
  const worker = new Worker<Entry>(
    name,
    async ({ data, stalledCounter, attemptsStarted }) => {
      await handle(data.id, data.takeOver || stalledCounter > 0 || attemptsStarted > 1);
    },
    {
      connection: patient(url),
      concurrency,
      lockDuration: lockMs,
      stalledInterval: Math.ceil(lockMs / 2),
      maxStalledCount: STALLED_MAX,
    },
  );
  worker.on('error', (error) => log.debug('redis.error', { reason: error.message }));
  return {
    get reachable() {
      return watch.reachable;
    },
    async close() {
      watch.close();
      await worker.close();
    },
  };
}
