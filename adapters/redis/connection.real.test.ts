/** What is said of a Redis server while it is watched. */
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisMissing, startRedis } from '../../scripts/lib/redis.mjs';
import { watchRedis } from './connection.ts';

const until = (what: () => unknown) => expect.poll(what, { timeout: 20_000, interval: 50 });

it.skipIf(redisMissing() !== undefined)(
  'a server that begins to evict is told of once, and once more when it does so again',
  async () => {
    const server = await startRedis();
    const told: string[] = [];
    const watch = await watchRedis(server.url, ({ message }) => told.push(message));
    const operator = new Redis(server.url);
    const looks = async (): Promise<number> =>
      Number(/cmdstat_info:calls=(\d+)/.exec(await operator.info('commandstats'))?.[1] ?? 0);
    const use = (policy: string) => operator.config('SET', 'maxmemory-policy', policy);
    await use('allkeys-lru');
    await until(() => told.length).toBe(1);
    expect(watch.reachable).toBe(false);
    // Each question counts as a look too.
    let asked = 0;
    const before = await looks();
    await until(async () => {
      asked += 1;
      return (await looks()) - before - asked;
    }).toBeGreaterThanOrEqual(3);
    expect(told).toHaveLength(1);
    await use('noeviction');
    await until(() => watch.reachable).toBe(true);
    await use('volatile-lru');
    await until(() => told.length).toBe(2);
    watch.close();
    operator.disconnect();
    await server.stop();
  },
);
