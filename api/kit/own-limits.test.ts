/** Each door through which somebody begins to trade: with four eyes not by limits that he himself has loosened. */
import { describe, expect, it } from 'vitest';
import type { LimitsAnswered, TradingLimits } from '../../messages/limits.ts';
import type { RunAnswered, RunStarted } from '../../messages/run.ts';
import { withRuns } from '../orca/testing/runs.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { accountRow, taskRow, World } from '../testing/samples.ts';

const BEFORE: TradingLimits = {
  instruments: {},
  accounts: { default: { exposureMax: '1000', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' } },
  orderRate: { max: 10, windowMs: 1_000 },
  duplicate: { max: 2, windowMs: 1_000 },
  quoteAgeMaxMs: 5_000,
};
const NOW: TradingLimits = { ...BEFORE, quoteAgeMaxMs: 9_000 };
const RUN = { executionId: 8, executionNumber: 3, status: 'paused' as const };

/** `user-9` has loosened the limits, and wants to trade by them. */
async function desk({ by = 'user-9', before = BEFORE as TradingLimits | null, fourEyes = true } = {}) {
  const house = new FakeHouse({ fourEyes });
  const created = withRuns(house);
  const authored = { by, before };
  house
    .on('limits.get', (): LimitsAnswered => {
      return { type: 'limits.answered', outcome: 'current', version: 2, limits: NOW, authored };
    })
    .on('run.resume', (): RunAnswered => ({ type: 'run.answered', taskId: 4, outcome: 'done', run: RUN }))
    .on('run.start', (): RunStarted => ({ type: 'run.started', taskId: 4, outcome: 'started', ...RUN }));
  house.accounts.push(accountRow({ id: 'demo-fx', name: 'demo-fx', userId: 'user-9' }));
  house.quotes.set('NQ', { type: 'market.quote', symbol: 'NQ', bid: 1, ask: 2, last: 1, simulated: true });
  const task = { userId: 'user-9', taskType: 'trading' as const, symbol: 'NQ', accountId: 'demo-fx', open: false };
  house.runs.taskRows.set(4, taskRow(task));
  const world = new World(house);
  const as = await world.token('user-9', 'admin');
  const bot = new FormData();
  const fields = { accountName: 'demo-fx', contract: 'NQ', trading_mode: 'both', trading_side: 'both', quantity: '1' };
  for (const [name, value] of Object.entries({ ...fields, environment: 'DEMO', accounts_ids: '["D1"]' }))
    bot.set(name, value);
  const headers = { authorization: `Bearer ${as}` };
  const told = async (reply: Promise<{ readonly body: unknown }>) => JSON.stringify((await reply).body);
  const doors: Readonly<Record<string, () => Promise<string>>> = {
    'makes a trader': () => {
      const config = { budget: 1_000, strategy: 'balanced' };
      const body = { name: 'Mine', type: 'trading', config, userId: 'user-9' };
      return told(world.call('POST', '/api/v1/agents', { as, body }));
    },
    'starts a live run': () => told(world.call('POST', '/api/trading/tasks/4/start/', { as, body: {} })),
    'lets one go on': () => told(world.call('POST', '/api/trading/tasks/4/resume/', { as, body: {} })),
    'starts a bot': async () =>
      (await world.api.app.request('/api/v1/run-bot/max', { method: 'POST', body: bot, headers })).text(),
  };
  return { doors, house, created };
}

const DOORS = ['makes a trader', 'starts a live run', 'lets one go on', 'starts a bot'];
const ACTS = ['trader.create', 'task.create', 'run.start', 'run.resume'];

describe('with four eyes', () => {
  it.each(DOORS)('nobody who has loosened limits %s by them, and nothing has begun', async (door) => {
    const { doors, house } = await desk();
    expect(await doors[door]!()).toContain('were loosened by user-9');
    expect(house.asked.map(({ type }) => type).filter((type) => ACTS.includes(type))).toEqual([]);
  });

  it.each(DOORS)('whoever has not %s: others set them, or nothing is looser than it was', async (door) => {
    for (const known of [{ by: 'user-123' }, { before: NOW }, { fourEyes: false }]) {
      const { doors, house } = await desk(known);
      await doors[door]!();
      expect(house.asked.map(({ type }) => type).filter((type) => ACTS.includes(type))).not.toEqual([]);
    }
  });

  it('the first limits that there are were loosened by who set them', async () => {
    const { doors } = await desk({ before: null });
    expect(await doors['makes a trader']!()).toContain('were loosened by user-9');
  });
});
