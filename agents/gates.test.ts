import { expect, it } from 'vitest';
import { sampleLimits } from '../controls/testing/sample.ts';
import type { LimitsAnswered } from '../messages/limits.ts';
import type { GateAnswered } from '../messages/order.ts';
import type { QuotaAnswered } from '../messages/quota.ts';
import { DEFINITIONS } from '../messages/registry.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import { Disk } from '../runtime/simulated/store.ts';
import { oneForOne, World } from '../runtime/testing/world.ts';
import { complianceAgent } from './compliance/compliance.ts';
import { limitsAgent } from './limits/limits.ts';
import { quotaAgent } from './quota/quota.ts';
import { riskAgent } from './risk/risk.ts';
import { createdTrader, request } from './testing/requests.ts';
import { tradersAgent } from './traders/traders.ts';

const disk = new Disk();
const clock = new SimulatedClock(1_000_000);
const opened = () => {
  const limits = sampleLimits();
  const gates = [complianceAgent(limits), riskAgent(limits), quotaAgent({ dailyTrades: 100, dailyVolume: 500_000 })];
  const roster = oneForOne([limitsAgent(limits), tradersAgent(), ...gates]);
  return new World({ entries: DEFINITIONS, roster, disk, clock }).start();
};

it('the gates answer in the kernel, remember what they set aside across a crash, and go by limits changed before it', async () => {
  const before = await opened();
  const asked = async (world: World, type: string, orderId: string) => {
    const body = { ...request({ orderId, quantity: '200' }, clock.marketNow()), approved: false };
    const reply = world.runtime.ask<GateAnswered>({ type, ...body } as never);
    await world.settle();
    const { allowed, denial } = await reply;
    return denial?.code ?? allowed;
  };
  const create = before.runtime.ask({ ...createdTrader(), type: 'trader.create' } as never);
  await before.settle();
  await create;
  for (const type of ['compliance.check', 'risk.reserve', 'quota.reserve']) {
    expect(await asked(before, type, 'trade-1')).toBe(true);
  }
  const exposureMax = { exposureMax: '39999', dailyLossRatioMax: '0.1', drawdownRatioMax: '0.2' };
  const limits = sampleLimits({ accounts: { default: exposureMax } });
  const set = before.runtime.ask<LimitsAnswered>({ type: 'limits.set', limits, by: 'a', reason: 'b' } as never);
  await before.settle();
  expect(await set).toMatchObject({ outcome: 'changed', version: 2 });
  before.crash();

  const after = await opened();
  expect(await asked(after, 'risk.reserve', 'trade-2')).toBe('EXPOSURE_LIMIT');
  expect(await asked(after, 'risk.reserve', 'trade-1')).toBe(true);
  const quota = after.runtime.ask<QuotaAnswered>({ type: 'quota.get', traderId: 'agent-1' } as never);
  await after.settle();
  expect(await quota).toMatchObject({ trades: { used: '1' }, volume: { used: '20000' } });
  expect([...after.runtime.stats().deadLetters.keys()]).toEqual([]);
});
