/**
 * A worker's end of the queue on Redis: takes entries and hands them on. Whoever dies with an entry in hand loses its lock, and another
 * worker takes it over.
 */
import { Worker } from 'bullmq';
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
  /** Resolves when the job needs no worker any more, for whatever reason. */
  readonly handle: (id: string, takeOver: boolean) => Promise<void>;
  readonly log: Log;
}

/** Recoveries by the queue itself; beyond them the house notices. */
const STALLED_MAX = 10;

export interface QueueServer {
  readonly reachable: boolean;
  /** Takes no more entries, and resolves when those in hand are done. */
  close(): Promise<void>;
}

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
