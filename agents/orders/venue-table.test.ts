/** SAFETY's table of orders, row by row: what we believe of an order, what its venue says, and what becomes of it. */
import { describe, expect, test } from 'vitest';
import type { OrderEnded, OrderFilled, VenueReported } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { ticket } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import type { Venue } from '../venue.ts';
import { ordersAgent } from './orders.ts';

const never = (): never => {
  throw new Error('a turn asks nobody');
};
const venue: Venue = {
  ...{ name: 'paper', idempotency: 'clientOrderId' as const },
  ...{ submit: never, cancel: never, lookup: never, snapshot: never, onReport: never },
};

/** When each stage begins. */
const START = Date.UTC(2026, 0, 5, 12);
const GATES = ['halt', 'compliance', 'risk', 'quota', 'oversight'] as const;
const fill = (n: number, quantity: string) => ({
  ...{ executionId: `trade-1-${n}`, quantity, price: '150', commission: '0' },
});

/** An order of 100 that was handed over. */
function sent(): Stage {
  const orders = stage(ordersAgent({ venue, autonomousThreshold: '1000000', variance: false, monotonic: () => 0 }));
  orders.tell({ type: 'order.submit', ticket: ticket() } as Message);
  for (const gate of GATES) orders.tell({ type: 'gate.answered', gate, orderId: 'trade-1', allowed: true } as Message);
  const released = { orderId: 'trade-1', traderId: 'agent-1', accountId: 'acct-1', exit: false, reduces: false };
  expect(types(orders.tell({ type: 'order.release', ...released } as Message))).toEqual(['order.sent']);
  return orders;
}

/** Who asks knows `fillsKnown` of its fills; it was handed over when the stage began. */
const NOT_FOUND: VenueReported = {
  ...{ type: 'venue.reported', orderId: 'trade-1', status: 'unresolved', fills: [], fillsKnown: 0, notFound: true },
};

function says(
  orders: Stage,
  status: VenueReported['status'],
  fills: VenueReported['fills'] = [],
  fillsKnown = 0,
): Message[] {
  const sinceSentMs = orders.now - START;
  const report: VenueReported = { type: 'venue.reported', orderId: 'trade-1', status, fills, sinceSentMs, fillsKnown };
  return orders.tell(report);
}

function accepted(...fills: VenueReported['fills']): Stage {
  const orders = sent();
  says(orders, 'accepted', fills);
  return orders;
}

function canceling(): Stage {
  const orders = accepted();
  orders.tell({ type: 'order.cancel', orderId: 'trade-1', by: 'user-1', reason: 'enough' } as Message);
  return orders;
}

const end = (said: readonly Message[]) => only<OrderEnded>(said, 'order.ended');

describe('submitted', () => {
  test('and rejected there: rejected, with its event', () => {
    expect(end(says(sent(), 'rejected'))).toMatchObject({ end: 'rejected', filledQuantity: '0' });
  });

  test('and certainly unknown there: released again, at most three times', () => {
    const orders = sent();
    const release = { type: 'order.release', ...{ orderId: 'trade-1', traderId: 'agent-1', accountId: 'acct-1' } };
    for (let again = 0; again < 2; again += 1) {
      expect(types(says(orders, 'absent'))).toEqual(['order.intended']);
      orders.tell({ ...release, exit: false, reduces: false } as Message);
    }
    expect(types(says(orders, 'absent'))).toContain('order.unresolved');
  });

  describe('and not found there, and stopped before it is released again', () => {
    const halt = { stopId: 's', scope: 'system', reason: 'enough', by: 'user-1' };
    const released = { orderId: 'trade-1', traderId: 'agent-1', accountId: 'acct-1', exit: false, reduces: false };
    const again = { type: 'order.release', ...released } as Message;

    test.each([
      ['a cancel', { type: 'order.cancel', orderId: 'trade-1', by: 'user-1', reason: 'enough' }],
      ['a halt', { type: 'trading.halted', ...halt, orderId: 'trade-1' }],
      ['a halt that its release sees', { ...again, haltId: 's' }],
    ])('by %s: its first request may still arrive, so that only the venue can end it', (_what, stop) => {
      const orders = sent();
      says(orders, 'absent');
      const said = types(orders.tell(stop as Message));
      expect(said).toContain('order.cancel-requested');
      expect(said).not.toContain('order.ended');
      expect(types(orders.tell(again))).not.toContain('order.sent');
      expect(types(says(orders, 'absent'))).toContain('order.unresolved');
      expect(only<OrderFilled>(says(orders, 'filled', [fill(1, '100')]), 'order.filled')).toMatchObject({ end: true });
    });

    test('it ends canceled once the venue has said so', () => {
      const orders = sent();
      says(orders, 'absent');
      orders.tell({ type: 'order.cancel', orderId: 'trade-1', by: 'user-1', reason: 'enough' } as Message);
      expect(end(says(orders, 'canceled'))).toMatchObject({ end: 'canceled', by: 'user-1' });
    });
  });

  test('and not found long after nothing can arrive any more: failed', () => {
    const orders = sent();
    says(orders, 'unresolved');
    orders.advance(70_000);
    for (let again = 0; again < 2; again += 1) {
      says(orders, 'absent');
      const released = { orderId: 'trade-1', traderId: 'agent-1', accountId: 'acct-1', exit: false, reduces: false };
      orders.tell({ type: 'order.release', ...released } as Message);
    }
    orders.advance(70_000);
    expect(end(says(orders, 'absent'))).toMatchObject({ end: 'failed' });
  });

  test('and nobody can tell: unresolved, and asked again', () => {
    const orders = sent();
    expect(types(says(orders, 'unresolved'))).toContain('order.unresolved');
    expect(types(orders.advance(1_000))).toEqual(['order.lookup-requested']);
  });

  test('and nobody can tell for long: it is asked when an absence begins to count, and three times a minute behind that', () => {
    const orders = sent();
    const handedOverAt = orders.now;
    const asks: number[] = [];
    for (let round = 0; round < 11; round += 1) {
      says(orders, 'unresolved');
      while (!types(orders.advance(500)).includes('order.lookup-requested')) expect(orders.now).toBeLessThan(1e15);
      asks.push((orders.now - handedOverAt) / 1_000);
    }
    expect(asks).toEqual([1, 3, 7, 15, 31, 51, 65, 85, 105, 125, 145]);
  });

  test('and its venue answers that it does not find it, and can tell no more: it is asked every five minutes in the end', () => {
    const orders = sent();
    const handedOverAt = orders.now;
    const asks: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const { now } = orders;
      orders.tell({ ...NOT_FOUND, sinceSentMs: now - handedOverAt } as VenueReported);
      while (!types(orders.advance(500)).includes('order.lookup-requested')) expect(orders.now).toBeLessThan(1e15);
      asks.push((orders.now - handedOverAt) / 1_000);
    }
    expect(asks).toEqual([1, 3, 7, 15, 31, 51, 65, 193, 449, 749, 1_049, 1_349]);
  });

  test('is asked about with the time before which it can not have left', async () => {
    const since: unknown[] = [];
    const asked: Venue = {
      ...venue,
      lookup: async (orderId, _signal, submittedAt) => {
        since.push(submittedAt);
        return { orderId, status: 'unresolved', fills: [] };
      },
    };
    const { effects } = ordersAgent({
      venue: asked,
      autonomousThreshold: '1000000',
      variance: false,
      monotonic: () => 0,
    });
    const orders = sent();
    const submittedAt = orders.now;
    says(orders, 'unresolved');
    orders.advance(500);
    const fact = { ...only(orders.advance(500), 'order.lookup-requested'), at: orders.now };
    const signal = new AbortController().signal;
    await effects?.['order.lookup-requested']?.run(fact, { signal } as never);
    const intended = { type: 'order.intended', ticket: ticket(), at: orders.now } as Message;
    await effects?.['order.intended']?.resume?.(intended, { signal } as never);
    expect(since).toEqual([submittedAt, orders.now]);
  });
});

describe('accepted', () => {
  test.each(['canceled', 'expired'] as const)('and %s there: the same', (status) => {
    expect(end(says(accepted(), status))).toMatchObject({ end: status });
  });

  test('and filled there while we missed it: the missing fills come with the ids of the venue', () => {
    const said = says(accepted(fill(1, '40')), 'filled', [fill(1, '40'), fill(2, '60')]);
    expect(only<OrderFilled>(said, 'order.filled')).toMatchObject({
      executionId: 'trade-1-2',
      quantity: '60',
      end: true,
    });
  });

  test('and seen otherwise by reconciliation: the venue is asked about it', () => {
    const lookUp = { type: 'order.reconcile', orderId: 'trade-1', reason: 'reconciliation: not-open' } as Message;
    expect(only(accepted().tell(lookUp), 'order.lookup-requested')).toMatchObject({
      reason: 'reconciliation: not-open',
    });
    expect(types(canceling().tell(lookUp))).toEqual(['order.lookup-requested']);
  });
});

describe('partly filled', () => {
  test('and not found by a question older than the fill: nobody can tell yet, and the venue is asked again', () => {
    const orders = sent();
    orders.advance(1_000);
    says(orders, 'accepted', [fill(1, '40')]);
    const said = types(says(orders, 'absent'));
    expect(said).toContain('order.unresolved');
    expect(said).not.toContain('order.ended');
    expect(types(orders.advance(1_000))).toEqual(['order.lookup-requested']);
  });

  test.each(['canceled', 'absent'] as const)('and %s there: canceled, the fills stay', (status) => {
    const orders = accepted(fill(1, '40'));
    expect(end(says(orders, status, status === 'canceled' ? [fill(1, '40')] : [], 1))).toMatchObject({
      end: 'canceled',
      filledQuantity: '40',
    });
  });
});

test('a cancel on its way, and the order is not found: unresolved', () => {
  expect(types(says(canceling(), 'absent'))).toContain('order.unresolved');
});

test('a cancel that crosses the last fill: filled', () => {
  expect(only<OrderFilled>(says(canceling(), 'filled', [fill(1, '100')]), 'order.filled')).toMatchObject({ end: true });
});

test('an execution that is told twice is booked once', () => {
  const orders = accepted(fill(1, '40'));
  expect(types(says(orders, 'accepted', [fill(1, '40')]))).not.toContain('order.filled');
});

test('more filled than was ordered is booked, and stops the whole house in the same turn', () => {
  const said = says(accepted(fill(1, '60')), 'filled', [fill(1, '60'), fill(2, '60')]);
  expect(only(said, 'order.filled')).toMatchObject({ quantity: '60', filledQuantity: '120' });
  expect(only(said, 'trading.halted')).toMatchObject({ scope: 'system', by: 'house' });
});

describe('a cancel that the venue refuses', () => {
  const halt = { type: 'trading.halted', stopId: 's', scope: 'system', reason: 'enough', by: 'user-1' };
  const stopped = (): Stage => {
    const orders = accepted();
    orders.tell({ ...halt, orderId: 'trade-1' } as Message);
    return orders;
  };
  /** Seconds after the first refusal at which it is asked for again; each try is refused. */
  function tries(orders: Stage, forMs: number): number[] {
    const refusedAt = orders.now;
    const found: number[] = [];
    expect(types(says(orders, 'cancel-rejected'))).not.toContain('order.ended');
    while (orders.now - refusedAt < forMs) {
      if (!types(orders.advance(1_000)).includes('order.cancel-requested')) continue;
      found.push((orders.now - refusedAt) / 1_000);
      says(orders, 'cancel-rejected');
    }
    return found;
  }

  test('of a halt is asked for again, later each time, until the order has ended', () => {
    const orders = stopped();
    expect(tries(orders, 200_000)).toEqual([1, 3, 7, 15, 31, 63, 123, 183]);
    expect(only(orders.advance(60_000), 'order.cancel-requested')).toMatchObject({
      by: 'user-1',
      reason: 'halt s: enough',
    });
    expect(end(says(orders, 'canceled'))).toMatchObject({ end: 'canceled', by: 'user-1' });
    expect(orders.advance(600_000)).toEqual([]);
  });

  test('of a halt is asked for again after a restart too, and not without an end', () => {
    const orders = stopped();
    says(orders, 'cancel-rejected');
    orders.restart();
    expect(types(orders.advance(1_000))).toEqual(['order.cancel-requested']);
    expect(tries(orders, 24 * 60 * 60_000)).toHaveLength(239);
  });

  test('of a person is told, and left to him', () => {
    const orders = canceling();
    expect(only(says(orders, 'cancel-rejected'), 'order.cancel-answered')).toMatchObject({ outcome: 'unresolved' });
    expect(orders.advance(600_000)).toEqual([]);
  });

  test('of a person in a halt leaves the halt to go on', () => {
    const orders = stopped();
    says(orders, 'cancel-rejected');
    orders.tell({ type: 'order.cancel', orderId: 'trade-1', by: 'user-2', reason: 'mine' } as Message);
    expect(tries(orders, 5_000)).toEqual([2]);
  });
});

describe('a halt that lets reduction pass', () => {
  const halt = { stopId: 's', scope: 'account', targetId: 'acct-1', mode: 'reduce', reason: 'differs', by: 'r' };

  test('has what works cancelled, also what only reduced when risk saw it: the position may have moved since', () => {
    const plain = accepted();
    expect(types(plain.tell({ type: 'trading.halted', ...halt } as Message))).toEqual([]);
    const covered = ordersAgent({ venue, autonomousThreshold: '1', variance: false, monotonic: () => 0 }).keyed?.fanOut;
    const state = (reduces?: true, exit = false) => ({
      context: { ticket: ticket({ exit }), gates: [{ gate: 'risk', reduces }] },
    });
    const entities = new Map([
      ['plain', state()],
      ['reduces', state(true)],
      ['exit', state(undefined, true)],
    ]);
    expect(covered?.({ type: 'trading.halted', ...halt } as Message, entities)).toEqual(['plain', 'reduces']);
    const { mode: _all, ...stop } = halt;
    expect(covered?.({ type: 'trading.halted', ...stop } as Message, entities)).toEqual(['plain', 'reduces']);
  });

  test('stops at its release what it does not let pass', () => {
    const orders = stage(ordersAgent({ venue, autonomousThreshold: '1000000', variance: false, monotonic: () => 0 }));
    const pass = (orderId: string) => {
      orders.tell({ type: 'order.submit', ticket: ticket({ orderId }) } as Message);
      for (const gate of GATES) orders.tell({ type: 'gate.answered', gate, orderId, allowed: true } as Message);
    };
    pass('trade-1');
    pass('trade-2');
    orders.tell({ type: 'trading.halted', ...halt } as Message);
    const release = (orderId: string, reduces: boolean) =>
      orders.tell({
        ...{ type: 'order.release', orderId, traderId: 'agent-1', accountId: 'acct-1', exit: false },
        reduces,
      } as Message);
    expect(end(release('trade-1', false))).toMatchObject({ end: 'canceled' });
    expect(types(release('trade-2', true))).toEqual(['order.sent']);
  });
});
