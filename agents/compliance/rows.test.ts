import { describe, expect, it } from 'vitest';
import { NOW, sampleLimits } from '../../controls/testing/sample.ts';
import type { OrderTicket } from '../../messages/common.ts';
import { drive } from '../testing/drive.ts';
import { request } from '../testing/requests.ts';
import { complianceAgent } from './compliance.ts';

const limits = sampleLimits({ repeats: { max: 3, windowMs: 60_000 }, orderRate: { max: 100, windowMs: 1_000 } });
const placed = { symbol: 'AAPL', side: 'buy', quantity: '100', price: '100' };
const denial = { code: 'TRADER_INACTIVE', class: 'permission', explanation: 'gone', numbers: {} };
const upgraded = (state: object, version = 1) =>
  drive(complianceAgent(limits), {}, { version, rows: { 'agent-1': { status: 'active', passed: [], ...state } } });
const check = (agent: ReturnType<typeof upgraded>, changes: Partial<OrderTicket>) =>
  agent.tell({ type: 'compliance.check', ...request(changes) }, NOW)[0];

describe('a row of compliance from an earlier build', () => {
  it('that kept objects still answers a repeat as before, and counts duplicates', () => {
    const answered = [
      { orderId: 'trade-1', at: NOW - 3, ...placed, denial },
      { orderId: 'trade-2', at: NOW - 2, ...placed },
      { orderId: 'trade-3', at: NOW - 1, ...placed },
    ];
    const agent = upgraded({ answered });
    expect(check(agent, { orderId: 'trade-1' })).toMatchObject({ denial });
    expect(check(agent, { orderId: 'trade-2' })).toMatchObject({ allowed: true });
    expect(check(agent, { orderId: 'trade-4' })).toMatchObject({ denial: { code: 'DUPLICATE_ORDER' } });
    expect(check(agent, { orderId: 'trade-5', price: '99' })).toMatchObject({ allowed: true });
  });

  it('that kept lists goes on with them, and with its run of repeated orders', () => {
    const answered = [['trade-1', NOW - 1, 'AAPL', 'buy', '100', '100', denial]];
    const agent = upgraded({ answered, run: { ...placed, since: NOW - 59_000, count: 3 } });
    expect(check(agent, { orderId: 'trade-1' })).toMatchObject({ denial });
    expect(check(agent, { orderId: 'trade-2' })).toMatchObject({ denial: { code: 'REPEATED_ORDER' } });
  });

  it('of an unknown version is refused, and the limits, common to all, stay as they were', () => {
    expect(() => upgraded({ answered: [] }, 3)).toThrow('the row has version 3, this build knows 2');
    const shared = { limits };
    expect(complianceAgent(undefined).upgrade!(1, shared)).toBe(shared);
  });
});
