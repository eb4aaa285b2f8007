import { describe, expect, it } from 'vitest';
import { NOW, sampleLimits } from '../../controls/testing/sample.ts';
import { drive } from '../testing/drive.ts';
import { request } from '../testing/requests.ts';
import { riskAgent } from './risk.ts';

const sale = { symbol: 'AAPL', side: 'sell', leavesQuantity: '10', price: '101', amount: '1010', exit: false };
const row = { positions: {}, reservations: { 'trade-9': sale }, earlyEnds: [], closed: false, funds: '100000' };
const upgraded = (state: object, version = 1) =>
  drive(riskAgent(sampleLimits()), {}, { version, rows: { 'acct-1': state } });
const reserve = (agent: ReturnType<typeof upgraded>, price: string) =>
  agent.tell({ type: 'risk.reserve', ...request({ quantity: '10', price }) }, NOW)[0];

describe('a row of risk from an earlier build', () => {
  it('goes on: its orders reach what they were counted at', () => {
    expect(reserve(upgraded(row), '101')).toMatchObject({ denial: { code: 'SELF_MATCH' } });
    expect(reserve(upgraded(row), '100.99')).toMatchObject({ allowed: true });
    const external = { ...row, reservations: {}, external: { x: sale } };
    expect(reserve(upgraded(external), '101')).toMatchObject({ denial: { code: 'SELF_MATCH' } });
  });

  it('that does not tell the funds refuses the start, unless nothing can be opened with them any more', () => {
    const { funds: _none, ...unfunded } = row;
    expect(() => upgraded(unfunded)).toThrow("does not tell the account's funds");
    expect(upgraded({ ...unfunded, closed: true }).state('acct-1')).toMatchObject({ closed: true });
  });

  it('of an unknown version is refused, and what is common to all accounts stays as it was', () => {
    expect(() => upgraded(row, 3)).toThrow('the row has version 3, this build knows 2');
    const shared = { limits: sampleLimits(), reducing: [] };
    expect(riskAgent(undefined).upgrade!(1, shared)).toBe(shared);
  });
});
