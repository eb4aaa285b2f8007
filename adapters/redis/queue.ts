/** The queue of jobs on Redis, the house's end: entries go in, and nothing that matters is kept there. */
import { Queue } from 'bullmq';
import type { JobQueue, QueueEntry } from '../../runtime/jobs/queue.ts';
import type { Log } from '../../runtime/ports.ts';
import { impatient, watchRedis } from './connection.ts';

export interface RedisQueueOptions {
  readonly url: string;
  /** The same for the house and its workers. */
  readonly name: string;
  readonly log: Log;
}

/** What a worker reads of an entry. */
export type Entry = Pick<QueueEntry, 'id' | 'takeOver'>;

/** Rejects with UnfitRedis for a server that evicts. One that is away is waited for behind the scenes. */
export async function openRedisQueue({ url, name, log }: RedisQueueOptions): Promise<JobQueue> {
  const watch = await watchRedis(url, (error) => log.error('redis.unfit', { reason: error.message }));
  const queue = new Queue<Entry>(name, { connection: impatient(url), skipWaitingForReady: true });
  // Calls reject by themselves; without a listener the library would throw.
  queue.on('error', (error) => log.debug('redis.error', { reason: error.message }));
  return {
    get reachable() {
      return watch.reachable;
    },
    async push({ id, turn, takeOver }, delayMs) {
      await queue.add(
        'job',
        { id, takeOver },
        {
          jobId: `${id}-${turn}`,
          delay: delayMs,
          removeOnComplete: true,
          removeOnFail: true,
        },
      );
    },
    async close() {
      watch.close();
      await queue.close().catch(() => undefined);
    },
  };
}
