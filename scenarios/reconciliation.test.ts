/** The whole product beside a venue on which somebody else trades too: differences are found, told, and set right without inventing any. */
import { describe, expect, test, vi } from 'vitest';
import { NO_FAULTS } from '../adapters/paper/faults.ts';
import { NEVER } from '../adapters/paper/fixtures.ts';
import type { VenueOrder } from '../agents/venue.ts';
import { openMemory } from '../db/memory/open.ts';
import type { Message } from '../runtime/message.ts';
import { withoutAmbient } from './ambient.ts';
import { runDrawn } from './drawn.ts';
import type { Answer } from './exchange.ts';
import { NO_WORLD_FAULTS } from './faults.ts';
import { Person, parsed } from './people/person.ts';
import { simulatedSettings } from './settings.ts';
import { World } from './world.ts';

vi.setConfig({ testTimeout: 300_000 });

interface Position {
  readonly symbol: string;
  readonly quantity: number;
}

class Setting {
  readonly place = openMemory();
  readonly world = new World({
    ...{ seed: 'reconciliation', place: this.place, settings: simulatedSettings(), symbols: ['AAPL', 'MSFT'] },
  });
  readonly person = new Person(this.world, 'somebody', 'test-bearer-token', this.world.random.fork('somebody'));
  agentId = '';

  async open(): Promise<this> {
    await this.world.open();
    const body = { name: 'One', type: 'trading', config: { budget: 100_000 }, userId: 'user-123' };
    const created = await this.reply(this.person.insist('POST', '/api/v1/agents', body));
    this.agentId = parsed<{ id: string }>(created)!.id;
    return this;
  }

  async reply(asked: Promise<Answer | undefined>): Promise<Answer | undefined> {
    let done = false;
    void asked.finally(() => {
      done = true;
    });
    for (let waited = 0; !done && waited < 600; waited += 1) await this.world.runUntil(this.world.now + 500);
    return asked;
  }

  pass = (ms: number): Promise<void> => this.world.runUntil(this.world.now + ms);

  order = (side: 'buy' | 'sell', quantity: number, over: object = {}) =>
    this.reply(
      this.person.insist('POST', `/api/v1/agents/${this.agentId}/trades`, {
        ...{ symbol: 'AAPL', side, quantity, price: 149.5, type: 'market' },
        ...over,
      }),
    );

  /** Somebody trades on our account at the venue, not through us. */
  async outside(over: Partial<VenueOrder>): Promise<void> {
    const { venue, cut } = this.world.venue.connect();
    const report = await venue.submit(
      {
        ...{ clientOrderId: 'outside-1', accountId: `acct-${this.agentId}`, symbol: 'AAPL', side: 'buy' },
        ...{ quantity: '7', price: '149', orderType: 'market', timeInForce: 'GTC' },
        ...over,
      },
      NEVER,
    );
    expect(['filled', 'accepted']).toContain(report.status);
    cut();
  }

  async positions(): Promise<readonly Position[]> {
    const shown = await this.reply(this.person.get(`/api/v1/agents/${this.agentId}`));
    return parsed<{ portfolio: { positions: Position[] } }>(shown)!.portfolio.positions;
  }

  async facts<M extends Message>(type: M['type']): Promise<readonly M[]> {
    const records = await this.place.store.records(0, 100_000);
    return records.filter((record) => record.type === type).map(({ payload }) => JSON.parse(payload) as M);
  }
}

const open = (): Promise<Setting> => new Setting().open();

describe('somebody else trades on our account', () => {
  test('a fill is found within two looks: our books follow, and only what reduces passes until a person has seen it', () =>
    withoutAmbient(async () => {
      const setting = await open();
      expect((await setting.order('buy', 10))?.status).toBe(201);
      await setting.pass(10_000);
      await setting.outside({ quantity: '7' });
      await setting.pass(45_000);
      expect(await setting.positions()).toMatchObject([{ symbol: 'AAPL', quantity: 17 }]);
      const fills = await setting.facts('order.filled');
      expect(fills.filter((fill) => 'synthetic' in fill)).toMatchObject([{ quantity: '7', late: true }]);
      const [halt] = await setting.facts<Message & { stopId: string; reason: string }>('trading.halted');
      expect(halt).toMatchObject({
        mode: 'reduce',
        reason: expect.stringContaining('the venue holds 17, our books 10'),
      });
      expect((await setting.order('buy', 1))?.status).toBe(423);
      expect((await setting.order('sell', 18))?.status).toBe(423);
      expect((await setting.order('sell', 5))?.status).toBe(201);
      const release = { authorized_by: 'user-123', resolution_reason: 'seen' };
      await setting.reply(setting.person.insist('DELETE', `/api/v1/emergency-stop/${halt!.stopId}`, release));
      expect((await setting.order('buy', 1))?.status).toBe(201);
      await setting.pass(120_000);
      expect(await setting.facts('trading.halted')).toHaveLength(1);
    }));

  test('an open order of theirs counts in our exposure and is not touched', () =>
    withoutAmbient(async () => {
      const setting = await open();
      await setting.outside({ orderType: 'limit', quantity: '20000', price: '145' });
      await setting.pass(70_000);
      expect(await setting.facts('order.external-found')).toMatchObject([{ leavesQuantity: '20000', ours: false }]);
      // 20,000 x 145 leave less than 110,000 of the 3,000,000.
      const big = await setting.order('buy', 999, { symbol: 'MSFT', price: 418, type: 'limit' });
      expect(JSON.parse(big!.body)).toMatchObject({ error: { details: { reason: 'EXPOSURE_LIMIT' } } });
      expect((await setting.order('buy', 1))?.status).toBe(201);
      expect(setting.world.venue.orders().get('outside-1')?.status).toBe('accepted');
      expect(await setting.facts('trading.halted')).toEqual([]);
    }));

  test('an order of ours that has ended and is open there is cancelled until it is gone, however many cancels are lost', () =>
    withoutAmbient(async () => {
      const setting = await open();
      expect((await setting.order('buy', 10, { type: 'limit', price: 10 }))?.status).toBe(403);
      const [denied] = await setting.facts<Message & { orderId: string }>('order.ended');
      await setting.outside({ clientOrderId: denied!.orderId, orderType: 'limit', price: '100' });
      const atVenue = () => setting.world.venue.orders().get(denied!.orderId)?.status;
      setting.world.setFaults({ ...NO_WORLD_FAULTS, venue: { ...NO_FAULTS, dropRatio: 0.8 } });
      for (let looks = 0; looks < 60 && atVenue() === 'accepted'; looks += 1) await setting.pass(30_000);
      expect(atVenue()).toBe('canceled');
      // The first cancel did not arrive.
      expect((await setting.facts('order.external-found')).length).toBeGreaterThan(1);
      expect(await setting.facts('trading.halted')).toHaveLength(1);
    }));

  test('what the venue cannot tell is never taken for nothing', () =>
    withoutAmbient(async () => {
      const setting = await open();
      await setting.order('buy', 10);
      setting.world.setFaults({ ...NO_WORLD_FAULTS, venue: { ...NO_FAULTS, ackLostRatio: 1 } });
      await setting.pass(300_000);
      expect(await setting.positions()).toMatchObject([{ quantity: 10 }]);
      expect(await setting.facts('trading.halted')).toEqual([]);
      const concluded = await setting.facts('reconciliation.concluded');
      expect(concluded.at(-1)).toMatchObject({ outcome: 'unknown', reason: 'time-out: the answer was lost' });
      setting.world.setFaults(NO_WORLD_FAULTS);
      await setting.pass(60_000);
      expect((await setting.facts('reconciliation.concluded')).at(-1)).toMatchObject({ outcome: 'agrees' });
    }));
});

test('a crash in the middle neither loses a finding nor books it twice, and a start looks at once', () =>
  withoutAmbient(async () => {
    for (let crashAfterMs = 0; crashAfterMs <= 44_000; crashAfterMs += 4_000) {
      const setting = await open();
      await setting.outside({ quantity: '7' });
      await setting.pass(crashAfterMs);
      setting.world.crash();
      await setting.pass(60_000);
      expect({ crashAfterMs, positions: await setting.positions() }).toMatchObject({ positions: [{ quantity: 7 }] });
      const fills = (await setting.facts('order.filled')).filter((fill) => 'synthetic' in fill);
      expect(fills).toHaveLength(1);
      expect(await setting.facts('trading.halted')).toHaveLength(1);
      const requested = await setting.facts<Message & { why: string }>('reconciliation.requested');
      expect(requested.filter(({ why }) => why === 'start')).toHaveLength(2);
    }
  }));

test('in worlds whose venue only we trade at nothing is ever found, whatever is lost, late or told twice', () =>
  withoutAmbient(async () => {
    let looks = 0;
    for (const seed of ['301', '302', '303', '304']) {
      const place = openMemory();
      const world = { seed, place, settings: simulatedSettings(), virtualMs: 240_000, faults: true };
      expect((await runDrawn(world)).failures).toEqual([]);
      const records = await place.store.records(0, 1_000_000);
      const invented = records.filter(({ payload }) => payload.includes('"synthetic":true'));
      expect({ seed, invented }).toEqual({ seed, invented: [] });
      expect(records.filter(({ payload }) => payload.includes('"by":"reconciliation"'))).toEqual([]);
      looks += records.filter(({ type }) => type === 'reconciliation.requested').length;
    }
    expect(looks).toBeGreaterThan(30);
  }));
