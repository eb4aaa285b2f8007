/** What a failing agent may do to the whole product: nothing leaves, the house halts itself, and a person finds it halted. */
import { describe, expect, test, vi } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { withoutAmbient } from './ambient.ts';
import type { Answer } from './exchange.ts';
import { Person, parsed } from './people/person.ts';
import { simulatedSettings } from './settings.ts';
import { defectAt } from './testing/defects.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Setting {
  readonly world: World;
  readonly person: Person;
  readonly agentId: string;
}

async function open(defect: ReturnType<typeof defectAt>): Promise<Setting> {
  const world = new World({
    seed: 'supervision',
    place: openMemory(),
    settings: simulatedSettings(),
    symbols: ['AAPL'],
    defect,
  });
  await world.open();
  const person = new Person(world, 'somebody', 'test-bearer-token', world.random.fork('somebody'));
  const created = await reply(
    world,
    person.insist('POST', '/api/v1/agents', {
      name: 'One',
      type: 'trading',
      config: { budget: 100_000 },
      userId: 'user-123',
    }),
  );
  return { world, person, agentId: parsed<{ id: string }>(created)!.id };
}

/** Moves the world until the answer is there. */
async function reply(world: World, asked: Promise<Answer | undefined>): Promise<Answer | undefined> {
  let done = false;
  void asked.finally(() => {
    done = true;
  });
  for (let waited = 0; !done && waited < 600; waited += 1) await world.runUntil(world.now + 500);
  return asked;
}

const buy = ({ world, person, agentId }: Setting) =>
  reply(
    world,
    person.insist('POST', `/api/v1/agents/${agentId}/trades`, {
      symbol: 'AAPL',
      side: 'buy',
      quantity: 1,
      price: 149.5,
      type: 'market',
    }),
  );

describe('a failing agent', () => {
  test('at a gate lets nothing pass: the order is refused and never reaches the venue', () =>
    withoutAmbient(async () => {
      const setting = await open(defectAt('risk', ['risk.reserve']));
      expect((await buy(setting))?.status).toBe(503);
      expect(setting.world.venue.calls).toEqual([]);
      expect(setting.world.product?.runtime.state).toBe('running');
    }));

  test('that cannot read a fact stays down, and the house halts itself until a person has looked', () =>
    withoutAmbient(async () => {
      let broken = false;
      const setting = await open(defectAt('portfolio', ['order.filled'], () => broken));
      broken = true;
      expect((await buy(setting))?.status).toBe(201);
      await setting.world.runUntil(setting.world.now + 10_000);
      const agents = setting.world.product?.runtime.stats().agents;
      expect(agents?.find(({ address }) => address === 'portfolio')?.status).toBe('down');
      expect((await buy(setting))?.status).toBe(423);
      broken = false;
      const retried = await reply(setting.world, setting.person.insist('POST', '/api/v1/house/agents/portfolio/retry'));
      expect(retried?.status).toBeLessThan(300);
      await setting.world.runUntil(setting.world.now + 10_000);
      const shown = await reply(setting.world, setting.person.get(`/api/v1/agents/${setting.agentId}`));
      expect(parsed<{ portfolio: { positions: unknown[] } }>(shown)?.portfolio.positions).toHaveLength(1);
    }));

  test('that never gets well brings the house down halted, and the next start is still halted', () =>
    withoutAmbient(async () => {
      let broken = false;
      const setting = await open(defectAt('quota', ['quota.get', 'resumed'], () => broken));
      expect((await buy(setting))?.status).toBe(201);
      broken = true;
      void setting.person.get(`/api/v1/agents/${setting.agentId}/quota`);
      await setting.world.runUntil(setting.world.now + 600_000);
      expect(setting.world.failures.some((failure) => failure.includes('gave up'))).toBe(true);
      expect(setting.world.lives).toBe(2);
      expect((await buy(setting))?.status).toBe(423);
    }));
});
