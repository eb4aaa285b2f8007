/** A report tells what is on record: journeys with their reasons, everything labelled as simulated, and nothing unescaped. */
import { describe, expect, it } from 'vitest';
import type { RecordedFact, Recording } from '../recording.ts';
import { journeysOf } from './journeys.ts';
import { renderReport } from './report.ts';

let sequence = 0;
function fact(type: string, fields: object, atMs = 1_000): RecordedFact {
  sequence += 1;
  const payload = JSON.stringify({ type, ...fields });
  return {
    atMs,
    sequence,
    epoch: 1,
    type,
    source: 'orders',
    causationId: 0,
    correlationId: 'c',
    principal: 'p',
    payload,
  };
}
const ticket = (orderId: string) => ({
  orderId,
  traderId: 'agent-1',
  symbol: 'AAPL',
  side: 'buy',
  quantity: '10',
  price: '150',
  orderType: 'limit',
  exit: false,
});
const gates = ['halt', 'compliance', 'risk', 'quota'].map((gate) => ({ gate, allowed: true }));
const submitted = (orderId: string) => fact('order.submitted', { ticket: ticket(orderId), amount: '1500' });
const filled = (orderId: string, quantity: string, left: string) =>
  fact('order.filled', {
    orderId,
    quantity,
    price: '150',
    leavesQuantity: left,
    filledQuantity: '10',
    averagePrice: '150.01',
    end: left === '0',
  });

describe('a journey', () => {
  it('of a filled order counts its executions', () => {
    const [journey] = journeysOf([
      submitted('o1'),
      fact('order.intended', { ticket: ticket('o1'), gates }),
      fact('order.sent', { orderId: 'o1' }),
      filled('o1', '4', '6'),
      filled('o1', '6', '0'),
    ]);
    expect(journey).toMatchObject({
      end: 'filled',
      why: 'Filled 10 at 150.01 in 2 executions.',
      asked: 'buy 10 AAPL limit 150',
    });
    expect(journey?.states).toEqual([
      'new',
      'gating.halt',
      'gating.compliance',
      'gating.risk',
      'gating.quota',
      'intended',
      'sending',
      'working',
      'filled',
    ]);
  });
  it('of a denied order carries the denial, with its numbers', () => {
    const denial = {
      code: 'PRICE_COLLAR',
      class: 'limit',
      explanation: 'Price 200 is 33% off the last 150.',
      numbers: {},
    };
    const [journey] = journeysOf([
      submitted('o1'),
      fact('order.ended', { orderId: 'o1', end: 'denied', denial, filledQuantity: '0' }),
    ]);
    expect(journey?.why).toBe('PRICE_COLLAR: Price 200 is 33% off the last 150.');
    expect(journey?.states).toEqual(['new', 'gating.halt', 'gating.compliance', 'gating.risk', 'ended']);
  });
  it('of a canceled order says by whom, and what had filled', () => {
    const end = { orderId: 'o1', end: 'canceled', reason: 'stop', by: 'user-9', filledQuantity: '4' };
    const [journey] = journeysOf([submitted('o1'), fact('order.ended', end)]);
    expect(journey?.why).toBe('Stop. By user-9. 4 had filled.');
  });
  it('that has not ended says so, and one without a beginning is not told', () => {
    const journeys = journeysOf([submitted('o1'), fact('order.sent', { orderId: 'older' })]);
    expect(journeys.map(({ orderId, end }) => [orderId, end])).toEqual([['o1', 'open']]);
  });
});

describe('a report', () => {
  const recording: Recording = {
    name: 'evil <img>',
    description: 'A & B',
    startAt: Date.UTC(2026, 2, 2, 14),
    result: {
      name: 'evil <img>',
      seed: '7',
      hash: 'abc',
      virtualMs: 60_000,
      realMs: 12,
      records: 2,
      answers: 1,
      venueCalls: 1,
      lives: 2,
      faults: { 'venue-drop': 3, other: 0 },
      expectations: [{ what: 'it fills', held: false, why: 'it did not' }],
      findings: [{ checker: 'I1', sequence: 4, what: 'too much filled' }],
      failures: ['the house gave up'],
      passed: false,
    },
    records: [submitted('o1'), filled('o1', '10', '0')],
    answers: [{ askedAtMs: 0, atMs: 5, by: 'ann', method: 'POST', path: '/x?<b>', status: 503 }],
    venueCalls: [{ atMs: 10, call: 'submit', orderId: 'o1', told: 'accepted' }],
    faults: [{ atMs: 20, kind: 'venue-drop', count: 3 }],
    quotes: [
      {
        symbol: 'AAPL',
        points: [
          { atMs: 0, bid: 1, ask: 2 },
          { atMs: 50_000, bid: 2, ask: 3 },
        ],
      },
    ],
    equity: [],
    traders: [],
    agents: ['orders', 'lookout'],
    lives: [
      { atMs: 0, what: 'start 1' },
      { atMs: 30_000, what: 'crash' },
    ],
  };
  const text = renderReport(recording);

  it('is labelled as simulated and as failed, with what was broken', () => {
    expect(text).toContain('Everything on this page is simulated');
    for (const part of ['failed', 'it did not', 'too much filled', 'the house gave up', '3 × venue-drop'])
      expect(text).toContain(part);
    expect(text).not.toContain('other 0');
  });
  it('escapes names, paths and payloads', () => {
    expect(text).not.toContain('<img>');
    expect(text).not.toContain('?<b>');
  });
  it('has a lane for each agent, those that did nothing too, the doors, the venue and the faults', () => {
    for (const lane of ['world', 'faults', 'requests', 'venue', 'orders', 'lookout'])
      expect(text).toContain(`>${lane}</text>`);
  });
  it('shows what agents were told, beside their records, and how much of it is not kept', () => {
    const messages = [
      { atMs: 3_000, type: 'risk.reserve', source: 'orders', target: 'risk' },
      { atMs: 4_000, type: 'order.answered', source: 'orders', target: 'outside' },
    ];
    const talking = renderReport({ ...recording, talk: { messages, left: 40 } });
    for (const part of ['risk.reserve from orders', 'order.answered to outside', 'the first 2 of 42'])
      expect(talking).toContain(part);
    expect(text).toContain('Without what agents say');
  });
  it('has a chart of each machine, with the way that records tell of', () => {
    const run = [
      fact('task.created', { taskId: 1 }),
      fact('run.created', { executionId: 1, task: { taskId: 1 } }),
      fact('run.changed', { taskId: 1, executionId: 1, status: 'running' }),
      fact('run.changed', { taskId: 1, executionId: 1, status: 'completed' }),
    ];
    const charts = renderReport({ ...recording, records: run });
    for (const machine of ['order', 'approval', 'trader', 'run']) expect(charts).toContain(`data-machine="${machine}"`);
    for (const state of ['resting', 'open.created', 'open.running'])
      expect(charts).toContain(`${state}: 1 came through`);
    expect(charts).toContain('open.paused: 0 came through');
  });
  it('draws the equity of each account under what people call it, and tells accounts of one name apart', () => {
    const points = [{ atMs: 0, equity: 50_000 }];
    const small = { accountId: 'desk-3', name: 'small desk', points: [{ atMs: 0, equity: 1_000 }] };
    const equity = [
      { accountId: 'acct-agent-1', name: 'alpha', points },
      { accountId: 'desk-1', name: 'desk', points },
      { accountId: 'desk-2', name: 'desk', points },
    ];
    const apart = renderReport({ ...recording, equity: [...equity, small] });
    for (const title of ['Equity by account, from 50000', 'Equity by account, from 1000'])
      expect(apart).toContain(`aria-label="${title}"`);
    const shown = renderReport({ ...recording, equity });
    const legend = /Equity by account <span class="key">(.*?)<\/figcaption>/su.exec(shown)?.[1] ?? '';
    expect(
      legend
        .replaceAll(/<[^>]*>/g, ' ')
        .split(/\s{2,}/)
        .map((name) => name.trim())
        .filter(Boolean),
    ).toEqual(['alpha', 'desk (desk-1)', 'desk (desk-2)']);
  });
  it('calls who gave an order by name', () => {
    const traders = [{ traderId: 'agent-1', accountId: 'acct-agent-1', name: 'Alpha of Ann' }];
    expect(renderReport({ ...recording, records: [submitted('o9')], traders })).toContain('>Alpha of Ann</span>');
  });
  it('is the same for the same recording', () => expect(renderReport(recording)).toBe(text));
  it('merges marks that lie on one place and says how many', () => {
    const many = Array.from({ length: 50 }, () => fact('order.sent', { orderId: 'o1' }, 1_000));
    expect(renderReport({ ...recording, records: many })).toContain('… and 42 more');
  });
  it('of a world in which nothing happened says so', () => {
    const nothing = renderReport({
      ...recording,
      records: [],
      answers: [],
      venueCalls: [],
      faults: [],
      quotes: [],
      lives: [],
    });
    for (const part of ['Nobody placed an order', 'No quote was recorded']) expect(nothing).toContain(part);
  });
});
