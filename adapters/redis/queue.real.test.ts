/** The queue on a real Redis keeps the same promises as its simulated twin. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { queueConformance } from '../../runtime/jobs/queue.conformance.ts';
import { silentLog as log } from '../../runtime/simulated/log.ts';
import { type RedisServer, redisMissing, startRedis } from '../../scripts/lib/redis.mjs';
import { openRedisQueue } from './queue.ts';
import { serveRedisQueue } from './serve.ts';

const LOCK_MS = 5_000;

describe.skipIf(redisMissing() !== undefined)('with Redis', () => {
  let redis: RedisServer;
  let names = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  queueConformance('Redis', async () => {
    names += 1;
    const { url } = redis;
    const name = `conformance-${names}`;
    return {
      open: () => openRedisQueue({ url, name, log }),
      serve: (handle) => serveRedisQueue({ ...{ url, name, concurrency: 1, lockMs: LOCK_MS }, handle, log }),
      halt: () => redis.halt(),
      resume: () => redis.resume(),
      until: (what) => expect.poll(what, { timeout: 20_000, interval: 20 }).toBe(true),
      close: async () => undefined,
    };
  });
});
