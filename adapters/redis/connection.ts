/** Lines to Redis: how long they wait, what is believed of a server, and which servers are refused. A password is never shown. */
import { Redis } from 'ioredis';

const RETRY_MAX_MS = 2_000;
const PING_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 1_000;

/** A server that may throw jobs away when its memory is full. */
export class UnfitRedis extends Error {
  readonly retryable = false;
  constructor(policy: string) {
    super(`Redis must run with maxmemory-policy noeviction, not ${policy}: it may throw jobs away`);
    this.name = 'UnfitRedis';
  }
}

/** Host and port, for people. */
export const shownAddress = (url: string): string => new URL(url).host;

const retryStrategy = (tries: number): number => Math.min(50 * 2 ** tries, RETRY_MAX_MS);

/**
 * For BullMQ, on both sides: calls wait until Redis is there. With less patience (no offline queue, or a time-out of commands) the
 * library's own greeting fails once and its connection stays dead for ever (6.7.0).
 */
export const patient = (url: string) => ({ url, retryStrategy, maxRetriesPerRequest: null });

export interface RedisWatch {
  readonly reachable: boolean;
  close(): void;
}

/**
 * Throws UnfitRedis for a server that evicts; a server that is away is no error: it is watched until it comes. `unfit` hears of one that
 * has begun to evict since, once each time.
 */
export async function watchRedis(url: string, unfit: (error: UnfitRedis) => void): Promise<RedisWatch> {
  const redis = new Redis(url, {
    ...{ retryStrategy, connectTimeout: ANSWER_WITHIN_MS, commandTimeout: ANSWER_WITHIN_MS, maxRetriesPerRequest: 1 },
  });
  let reachable = false;
  redis.on('error', () => {
    reachable = false;
  });
  redis.on('close', () => {
    reachable = false;
  });
  const look = async (): Promise<void> => {
    try {
      const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
      reachable = true;
      if (policy !== undefined && policy !== 'noeviction') throw new UnfitRedis(policy);
    } catch (error) {
      if (error instanceof UnfitRedis) throw error;
      reachable = false;
    }
  };
  try {
    await look();
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  let isFit = true;
  const timer = setInterval(() => {
    look().then(
      () => {
        if (reachable) isFit = true;
      },
      (error: UnfitRedis) => {
        reachable = false;
        if (isFit) unfit(error);
        isFit = false;
      },
    );
  }, PING_EVERY_MS);
  timer.unref();
  return {
    get reachable() {
      return reachable;
    },
    close() {
      clearInterval(timer);
      redis.disconnect();
    },
  };
}
