/** Fields of events in TypeScript: each line that is marked would be an error of the compiler without its mark. */
import { expect, test } from 'vitest';
import { defineScenario } from './schema.ts';

const HEAD = { name: 'Typed', until: '1m' };

test('fields that the records of an event have compile, however deep they lie', () => {
  const scenario = defineScenario({
    ...HEAD,
    script: [{ on: { event: 'order.filled', where: { symbol: 'AAPL', end: true }, nth: 2 }, crash: true }],
    expect: [
      { event: 'order.ended', where: { 'denial.code': { not: 'STALE_DATA' }, end: 'denied' }, count: 1 },
      { never: 'order.intended', where: { 'gates[0].gate': 'risk', 'ticket.symbol': 'AAPL', at: { min: 1 } } },
      { never: 'limits.changed', where: { 'limits.accounts.default.exposureMax': { min: 1 } } },
      { never: 'agent.parked', where: { agent: 'risk' } },
      {
        ...{ eventually: 'order.filled', where: { late: true }, within: '1s', same: 'orderId' },
        after: { event: 'order.submitted', where: { 'ticket.side': 'buy' } },
      },
      { sequence: ['order.submitted', { event: 'order.filled', where: { end: true } }], where: { orderId: 'x' } },
      { state: 'GET /health', has: { whatever: 1 } },
    ],
  });
  expect(scenario.expect).toHaveLength(7);
});

test('rows of a table compile where the event is one', () => {
  const wanted = (['HALTED', 'STALE_DATA'] as const).map((code) => ({
    event: 'order.ended' as const,
    where: { end: 'denied' as const, 'denial.code': code },
  }));
  expect(defineScenario({ ...HEAD, expect: [...wanted, { never: 'trading.halted' }] }).expect).toHaveLength(3);
});

test('a field that is none does not compile', () => {
  const wrong = [
    // @ts-expect-error: a misspelt field
    defineScenario({ ...HEAD, expect: [{ event: 'order.filled', where: { simbol: 'AAPL' } }] }),
    // @ts-expect-error: a field of another event
    defineScenario({ ...HEAD, expect: [{ never: 'order.filled', where: { 'denial.code': 'HALTED' } }] }),
    // @ts-expect-error: misspelt further down
    defineScenario({ ...HEAD, expect: [{ never: 'order.intended', where: { 'gates[0].gat': 'risk' } }] }),
    // @ts-expect-error: no list
    defineScenario({ ...HEAD, expect: [{ never: 'order.intended', where: { 'ticket[0].symbol': 'AAPL' } }] }),
    // @ts-expect-error: of what happens to agents
    defineScenario({ ...HEAD, expect: [{ never: 'agent.parked', where: { agnt: 'risk' } }] }),
    // @ts-expect-error: of what follows
    defineScenario({ ...HEAD, expect: [{ eventually: 'order.filled', within: '1s', where: { orderid: 'x' } }] }),
    defineScenario({
      ...HEAD,
      // @ts-expect-error: of what it follows
      expect: [{ eventually: 'order.filled', after: { event: 'order.held', where: { x: 1 } } }],
    }),
    // @ts-expect-error: in a sequence
    defineScenario({ ...HEAD, expect: [{ sequence: ['order.held', { event: 'order.filled', where: { x: 1 } }] }] }),
    // @ts-expect-error: of what a step waits for
    defineScenario({ ...HEAD, script: [{ on: { event: 'order.filled', where: { simbol: 'AAPL' } }, crash: true }] }),
    // @ts-expect-error: two events at once
    defineScenario({ ...HEAD, expect: [{ event: 'order.filled', never: 'order.ended' }] }),
    // @ts-expect-error: fields of nothing
    defineScenario({ ...HEAD, expect: [{ state: 'GET /health', where: { symbol: 'AAPL' } }] }),
  ];
  expect(wrong).toHaveLength(11);
});

test('a value that a field can have compiles', () => {
  const scenario = defineScenario({
    ...HEAD,
    expect: [
      { event: 'order.filled', where: { quantity: 10, price: '150.5', end: true, side: { in: ['buy', 'sell'] } } },
      { never: 'order.ended', where: { end: { not: 'canceled' }, denial: { exists: true } } },
      { never: 'order.filled', where: { side: '${order.side}', late: null, quantity: { min: 1, max: 2 } } },
      { never: 'run.changed', where: { executionId: 2, status: 'failed' } },
      { sequence: ['order.submitted', 'order.filled'], same: 'orderId' },
      { eventually: 'order.filled', after: { event: 'order.submitted' }, within: '1s', same: 'symbol' },
    ],
  });
  expect(scenario.expect).toHaveLength(6);
});

test('a value that a field never has does not compile', () => {
  const wrong = [
    // @ts-expect-error: true or false
    defineScenario({ ...HEAD, expect: [{ event: 'order.filled', where: { end: 'filled' } }] }),
    // @ts-expect-error: no end of an order
    defineScenario({ ...HEAD, expect: [{ never: 'order.ended', where: { end: 'cancelled' } }] }),
    // @ts-expect-error: no side, in a condition
    defineScenario({ ...HEAD, expect: [{ never: 'order.filled', where: { side: { not: 'byu' } } }] }),
    // @ts-expect-error: one of several is none
    defineScenario({ ...HEAD, expect: [{ never: 'order.filled', where: { side: { in: ['buy', 'sel'] } } }] }),
    // @ts-expect-error: no gate, further down
    defineScenario({ ...HEAD, expect: [{ never: 'order.intended', where: { 'gates[0].gate': 'rsik' } }] }),
    // @ts-expect-error: no reason for a denial
    defineScenario({ ...HEAD, expect: [{ never: 'order.ended', where: { 'denial.code': 'STALE' } }] }),
    // @ts-expect-error: a mapping is no value
    defineScenario({ ...HEAD, expect: [{ never: 'order.ended', where: { denial: 'STALE_DATA' } }] }),
    // @ts-expect-error: a number
    defineScenario({ ...HEAD, expect: [{ never: 'run.changed', where: { executionId: true } }] }),
    // @ts-expect-error: of what a step waits for
    defineScenario({ ...HEAD, script: [{ on: { event: 'order.filled', where: { side: 'byu' } }, crash: true }] }),
    // @ts-expect-error: about nothing that any event has
    defineScenario({ ...HEAD, expect: [{ sequence: ['order.submitted', 'order.filled'], same: 'ordrId' }] }),
    defineScenario({
      ...HEAD,
      // @ts-expect-error: about nothing that this event has
      expect: [{ eventually: 'order.filled', after: { event: 'order.held' }, within: '1s', same: 'requestId' }],
    }),
    // @ts-expect-error: one event has nothing in common with itself
    defineScenario({ ...HEAD, expect: [{ event: 'order.filled', same: 'orderId' }] }),
  ];
  expect(wrong).toHaveLength(12);
});
