/** What a failing agent may do to the whole product: nothing leaves, the house halts itself, and a person finds it halted: S11 to S13. */
import { describe, expect, test, vi } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import { underSeeds } from '../runtime/testing/samples.ts';
import { withoutAmbient } from './ambient.ts';
import type { Answer } from './exchange.ts';
import { Person, parsed } from './people/person.ts';
import { simulatedSettings } from './settings.ts';
import { defectAt } from './testing/defects.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 120_000 });

const SEEDS = 200;

interface Setting {
  readonly world: World;
  readonly person: Person;
  readonly agentId: string;
}

async function open(defect: ReturnType<typeof defectAt>, seed = 'supervision'): Promise<Setting> {
  const world = new World({
    seed,
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

const order = (
  { world, person, agentId }: Setting,
  fields: { readonly type: string; readonly price: number; readonly quantity?: number },
): Promise<Answer | undefined> =>
  reply(
    world,
    person.insist('POST', `/api/v1/agents/${agentId}/trades`, { symbol: 'AAPL', side: 'buy', quantity: 1, ...fields }),
  );

const buy = (setting: Setting) => order(setting, { type: 'market', price: 149.5 });

const restartsOf = ({ world }: Setting, agent: string): number | undefined =>
  world.product?.runtime.stats().agents.find(({ address }) => address === agent)?.restarts;

/** Who looks at an order or at its fill, and at which message its invariant breaks. */
const INVARIANTS = [
  ['risk', 'risk.reserve'],
  ['quota', 'quota.reserve'],
  ['compliance', 'compliance.check'],
  ['breaker', 'halt.check'],
  ['oversight', 'order.intended'],
  ['portfolio', 'order.filled'],
  ['performance', 'order.filled'],
] as const;

describe('a failing agent', () => {
  test.each([
    ['risk', 'risk.reserve'],
    ['breaker', 'halt.check'],
  ])('S11: %s lets nothing pass: the order is refused and never reaches the venue', (agent, type) =>
    withoutAmbient(() =>
      underSeeds(SEEDS, async (seed) => {
        const setting = await open(defectAt(agent, [type]), seed);
        expect((await buy(setting))?.status).toBe(503);
        expect(restartsOf(setting, agent)).toBeGreaterThan(0);
        expect(setting.world.venue.calls).toEqual([]);
        expect(setting.world.product?.runtime.state).toBe('running');
      }),
    ),
  );

  test('S11: an order in front of a gate that is away waits no longer when the clock is put forward meanwhile', () =>
    withoutAmbient(async () => {
      const setting = await open(defectAt('risk', ['risk.reserve']));
      const { world, person, agentId } = setting;
      const wanted = { symbol: 'AAPL', side: 'buy', quantity: 1, type: 'market', price: 149.5 };
      void person.insist('POST', `/api/v1/agents/${agentId}/trades`, wanted);
      // Just behind the second in which others look at their accounts.
      await world.runUntil(Math.ceil(world.now / 1_000) * 1_000 + 20);
      world.stepClock(60_000);
      await world.runUntil(world.now + 550);
      expect(world.callers.answers.at(-1)).toMatchObject({ status: 503 });
    }));

  test('S13: that breaks an invariant crashes, and the house stops until a person has looked', () =>
    withoutAmbient(() =>
      underSeeds(SEEDS, async (seed) => {
        const [agent, type] = INVARIANTS[Number(seed.split(' ')[1]) % INVARIANTS.length]!;
        let fuse = 1;
        const once = (): boolean => fuse-- > 0;
        const setting = await open(defectAt(agent, [type], once, 'Invariant: planted'), seed);
        await buy(setting);
        await setting.world.runUntil(setting.world.now + 2_000);
        expect(restartsOf(setting, agent)).toBe(1);
        expect((await buy(setting))?.status).toBe(423);
        const stops = await reply(setting.world, setting.person.get('/api/v1/emergency-stops'));
        expect(stops?.body).toContain(`${agent} crashed: Invariant: planted at ${type}`);
      }),
    ));

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

  test('a fill of an order whose agent is just being restarted is its own, and no late one', () =>
    withoutAmbient(async () => {
      let fuse = 0;
      const setting = await open(defectAt('orders', ['order.cancel'], () => fuse-- > 0));
      const { world } = setting;
      const filled = parsed<{ id: string }>(await order(setting, { type: 'limit', price: 144 }));
      const other = parsed<{ id: string }>(await order(setting, { type: 'limit', price: 143 }));
      fuse = 1;
      void setting.person.insist('DELETE', `/api/v1/agents/${setting.agentId}/trades/${other?.id}`);
      const isAway = () => world.product?.runtime.stats().agents.some(({ status }) => status === 'restarting');
      for (let waited = 0; !isAway() && waited < 1_000; waited += 1) await world.runUntil(world.now + 5);
      expect(isAway()).toBe(true);
      const quote = world.quote('AAPL')!;
      await world.venue.onQuote({ ...quote, bid: 143.5, ask: 143.6, last: 143.6 });
      await world.runUntil(world.now + 10_000);
      expect([...world.deadLetters.keys()].filter((kind) => kind.includes('fill'))).toEqual([]);
      const list = await reply(world, setting.person.get(`/api/v1/agents/${setting.agentId}/trades`));
      const { trades } = parsed<{ trades: { id: string; status: string }[] }>(list)!;
      expect(trades.find(({ id }) => id === filled?.id)?.status).toBe('executed');
    }));

  test('a stop does not wait for an agent of orders that is just being restarted: the house cancels at the venue', () =>
    withoutAmbient(async () => {
      let fuse = 0;
      const setting = await open(defectAt('orders', ['order.cancel'], () => fuse-- > 0));
      const { world, person } = setting;
      const resting = parsed<{ id: string }>(await order(setting, { type: 'limit', price: 144 }));
      const other = parsed<{ id: string }>(await order(setting, { type: 'limit', price: 143 }));
      fuse = 2;
      void person.insist('DELETE', `/api/v1/agents/${setting.agentId}/trades/${other?.id}`);
      for (let waited = 0; !restartsOf(setting, 'orders') && waited < 1_000; waited += 1)
        await world.runUntil(world.now + 5);
      void person.insist('POST', '/api/v1/emergency-stop', {
        scope: 'system',
        reason: 'now',
        triggered_by: 'user-123',
      });
      await world.runUntil(world.now + 40);
      expect(restartsOf(setting, 'orders')).toBe(1);
      const cancels = world.venue.calls.filter(({ call }) => call === 'cancel');
      expect(cancels.map(({ clientOrderId }) => clientOrderId)).toContain(resting?.id);
    }));

  test.each([
    ['what the venue answers', 'venue.reported', 'executed'],
    ['the release of its order', 'order.release', 'failed'],
  ])(
    'S10: orders that crash over %s three times ask the venue, and the order comes to its end',
    (_what, type, status) =>
      withoutAmbient(async () => {
        let fuse = 3;
        const setting = await open(defectAt('orders', [type], () => fuse-- > 0));
        const { world, person, agentId } = setting;
        await order(setting, { type: 'market', price: 149.5 });
        await world.runUntil(world.now + 120_000);
        expect(fuse).toBeLessThanOrEqual(0);
        const { trades } = parsed<{ trades: unknown[] }>(
          await reply(world, person.get(`/api/v1/agents/${agentId}/trades`)),
        )!;
        expect(trades).toMatchObject([{ status }]);
        expect(world.venue.orders().size).toBe(status === 'executed' ? 1 : 0);
      }),
  );

  describe('S10: orders that crash over what a person decided', () => {
    /** An order that waits for a person, decided upon. */
    async function decide(setting: Setting, deed: string, body: object): Promise<void> {
      const { world, person } = setting;
      expect((await order(setting, { type: 'market', price: 149.5, quantity: 400 }))?.status).toBe(202);
      const waiting = await reply(world, person.get('/api/v1/oversight/requests'));
      const [request] = parsed<{ requests: { id: string }[] }>(waiting)!.requests;
      const decided = person.insist('POST', `/api/v1/oversight/requests/${request?.id}/${deed}`, body);
      expect((await reply(world, decided))?.status).toBe(200);
    }
    const trades = async ({ world, person, agentId }: Setting) =>
      parsed<{ trades: unknown[] }>(await reply(world, person.get(`/api/v1/agents/${agentId}/trades`)))?.trades;
    const REJECTED = { reason: 'not in this market, thank you' };

    test.each([
      ['approve', {}, 'executed'],
      ['reject', REJECTED, 'cancelled'],
    ])('three times ask what it was, and act on it: %s', (deed, body, status) =>
      withoutAmbient(() =>
        underSeeds(20, async (seed) => {
          let fuse = 3;
          const setting = await open(
            defectAt('orders', ['order.decided'], () => fuse-- > 0),
            seed,
          );
          await decide(setting, deed, body);
          await setting.world.runUntil(setting.world.now + 20_000);
          expect(fuse).toBe(0);
          expect(await trades(setting)).toMatchObject([{ status }]);
        }),
      ),
    );

    test('each time bring nobody down, and the order ends when they are well again', () =>
      withoutAmbient(async () => {
        let broken = true;
        const types = ['order.decided', 'approval.recalled'];
        const setting = await open(defectAt('orders', types, () => broken));
        const { world } = setting;
        await decide(setting, 'reject', REJECTED);
        await world.runUntil(world.now + 30 * 60_000);
        expect(world.failures).toEqual([]);
        expect(world.lives).toBe(1);
        expect(await trades(setting)).toMatchObject([{ status: 'pending_approval' }]);
        broken = false;
        await world.runUntil(world.now + 70_000);
        expect(await trades(setting)).toMatchObject([{ status: 'cancelled' }]);
      }));
  });

  test('S12: that never gets well brings the house down: nothing stays at the venue, and the next start is halted', () =>
    withoutAmbient(() =>
      underSeeds(SEEDS, async (seed) => {
        let broken = false;
        const setting = await open(
          defectAt('quota', ['quota.get', 'resumed'], () => broken),
          seed,
        );
        const { world } = setting;
        const resting = parsed<{ id: string }>(await order(setting, { type: 'limit', price: 144 }));
        expect((await buy(setting))?.status).toBe(201);
        broken = true;
        void setting.person.get(`/api/v1/agents/${setting.agentId}/quota`);
        await world.runUntil(world.now + 600_000);
        expect(world.failures.some((failure) => failure.includes('gave up'))).toBe(true);
        expect(world.lives).toBe(2);
        const cancelled = world.venue.calls.find(
          (call) => call.call === 'cancel' && call.clientOrderId === resting?.id,
        );
        const restarted = world.lifeEvents.find(({ what }) => what === 'start 2');
        // By the house that goes down, not only by the one that finds itself halted.
        expect(cancelled?.at).toBeLessThan(restarted!.at);
        expect((await buy(setting))?.status).toBe(423);
      }),
    ));
});
