/** The queue of jobs on Redis, the house's end: entries go in, and nothing that matters is kept there. */
import { Queue } from 'bullmq';
import type { JobQueue, QueueEntry } from '../../runtime/jobs/queue.ts';
import type { Log } from '../../runtime/ports.ts';
import { patient, watchRedis } from './connection.ts';

export interface RedisQueueOptions {
  readonly url: string;
  /** The same for the house and its workers. */
  readonly name: string;
  readonly log: Log;
}

const CLOSE_WITHIN_MS = 1_000;

/** What a worker reads of an entry. */
export type Entry = Pick<QueueEntry, 'id' | 'takeOver'>;

/** Rejects with UnfitRedis for a server that evicts. One that is away is waited for behind the scenes. */
export async function openRedisQueue({ url, name, log }: RedisQueueOptions): Promise<JobQueue> {
  const watch = await watchRedis(url, (error) => log.error('redis.unfit', { reason: error.message }));
  const queue = new Queue<Entry>(name, { connection: patient(url) });
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
      // Closing waits for Redis, which may never come back.
      const hard = setTimeout(() => void queue.disconnect().catch(() => undefined), CLOSE_WITHIN_MS);
      await Promise.race([
        queue.close().catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS * 2).unref()),
      ]);
      clearTimeout(hard);
    },
  };
}
