/** A held order hears what was decided, also when it could not take it the first time: it asks, and its question never makes a request. */
import { describe, expect, test } from 'vitest';
import { orderMachine } from '../../machines/order.machine.ts';
import type { ApprovalRecall, ApprovalRecalled } from '../../messages/approval.ts';
import type { OrderDecided, OrderDecision, OrderEnded } from '../../messages/order.ts';
import { hostOf } from '../../runtime/host.ts';
import type { Message } from '../../runtime/message.ts';
import { ticket } from '../testing/samples.ts';
import { only, type Stage, stage, types } from '../testing/stage.ts';
import { ordersAgent } from './orders.ts';

const HOUR_MS = 60 * 60_000;

const never = (): never => {
  throw new Error('a turn asks nobody');
};
const venue = {
  ...{ name: 'paper', idempotency: 'clientOrderId' as const },
  ...{ submit: never, cancel: never, lookup: never, snapshot: never, onReport: never },
};

const request = { requestId: 'req-1', orderId: 'trade-1' };
const approved: OrderDecision = { decision: 'approved', by: 'boss' };
const rejected: OrderDecision = { decision: 'rejected', by: 'boss', reason: 'too much risk' };
const expired: OrderDecision = { decision: 'expired', by: 'system' };
const decided = (decision: OrderDecision): OrderDecided => ({ type: 'order.decided', ...request, ...decision });
const recalled = (decision?: OrderDecision): ApprovalRecalled => ({
  ...{ type: 'approval.recalled', ...request, known: true },
  ...(decision && { decided: decision }),
});
const FORGOTTEN: ApprovalRecalled = { type: 'approval.recalled', ...request, known: false };

const answer = (gate: string, more: object = { allowed: true }) =>
  ({ type: 'gate.answered', gate, orderId: 'trade-1', ...more }) as Message;

/** An order that waits for a person. */
function held(): Stage {
  const orders = stage(ordersAgent({ venue, autonomousThreshold: '1', variance: false, monotonic: () => 0 }));
  orders.tell({ type: 'order.submit', ticket: ticket() } as Message);
  for (const gate of ['halt', 'compliance', 'risk', 'quota']) orders.tell(answer(gate));
  const asked = { requestId: 'req-1', reason: 'large', requestedAt: orders.now };
  expect(types(orders.tell(answer('oversight', { allowed: false, held: asked })))).toContain('order.held');
  return orders;
}

/** One that has woken up and has asked. */
function asking(): Stage {
  const orders = held();
  orders.restart();
  expect(types(orders.advance(1_000))).toEqual(['approval.recall']);
  return orders;
}

const ended = (said: readonly Message[]) => only<OrderEnded>(said, 'order.ended');

describe('a held order that wakes up', () => {
  test('asks a second later what became of its request, and for nothing else', () => {
    const orders = held();
    expect(orders.restart()).toEqual([]);
    expect(orders.advance(999)).toEqual([]);
    const said = orders.advance(1);
    expect(types(said)).toEqual(['approval.recall']);
    expect(only<ApprovalRecall>(said, 'approval.recall')).toMatchObject(request);
  });

  test('asks as well when its row is of a build that never asked', () => {
    const orders = held();
    const host = hostOf(orderMachine);
    const row = { value: 'held', context: orders.state('trade-1'), status: 'active' };
    const said: Message[] = [];
    expect(host.save(host.step(host.load(row), { type: 'resumed' }, said))).toMatchObject({ value: { held: 'woken' } });
    expect(said).toContainEqual(expect.objectContaining({ type: '$after', delayMs: 1_000 }));
  });

  test('does not ask when it has been told meanwhile', () => {
    const orders = held();
    orders.restart();
    expect(types(orders.tell(decided(approved)))).toEqual(['halt.check']);
    expect(types(orders.advance(4_999))).toEqual([]);
  });

  test('goes on waiting while nobody has decided', () => {
    const orders = asking();
    expect(orders.tell(recalled())).toEqual([]);
    expect(orders.advance(HOUR_MS - 1)).toEqual([]);
    expect(types(orders.tell(decided(rejected)))).toContain('order.ended');
  });

  test('goes through its gates again when it was approved, as if it had been told', () => {
    const orders = asking();
    expect(types(orders.tell(recalled(approved)))).toEqual(['halt.check']);
    for (const gate of ['halt', 'compliance', 'risk']) orders.tell(answer(gate));
    expect(only(orders.tell(answer('quota')), 'order.intended')).toMatchObject({ approvedBy: 'boss' });
  });

  test.each([
    [rejected, { end: 'canceled', by: 'boss', reason: 'too much risk' }],
    [expired, { end: 'expired', by: 'system', reason: 'nobody decided in time' }],
  ])('ends as if it had been told: $decision', (decision, end) => {
    const told = held();
    expect(ended(told.tell(decided(decision)))).toMatchObject(end);
    expect(ended(asking().tell(recalled(decision)))).toMatchObject(end);
  });

  test('acts once when it is told and has asked', () => {
    const orders = asking();
    expect(types(orders.tell(decided(approved)))).toEqual(['halt.check']);
    expect(orders.tell(recalled(approved))).toEqual([]);
    expect(orders.tell(recalled(rejected))).toEqual([]);
    expect(orders.tell(FORGOTTEN)).toEqual([]);
  });

  test('ends when nobody remembers its request: nobody may be asked twice', () => {
    const said = asking().tell(FORGOTTEN);
    expect(ended(said)).toMatchObject({ end: 'failed', reason: 'what was decided about it is forgotten' });
    expect(types(said)).not.toContain('oversight.review');
  });
});

describe('a held order without an answer', () => {
  test('asks again each minute until it has one', () => {
    const orders = asking();
    expect(orders.advance(59_999)).toEqual([]);
    expect(types(orders.advance(1))).toEqual(['approval.recall']);
    expect(types(orders.advance(60_000))).toEqual(['approval.recall']);
    orders.tell(recalled());
    expect(orders.advance(10 * 60_000)).toEqual([]);
  });

  test('whose agent crashes over the answer asks no sooner for it', () => {
    const orders = asking();
    for (let crash = 0; crash < 3; crash += 1) expect(orders.restart()).toEqual([]);
    expect(orders.advance(59_999)).toEqual([]);
    expect(types(orders.advance(1))).toEqual(['approval.recall']);
  });

  test('can be canceled, and asks no more', () => {
    const orders = asking();
    orders.tell({ type: 'order.cancel', orderId: 'trade-1', by: 'user-1', reason: 'enough' } as Message);
    expect(orders.entities()).toEqual([]);
    expect(orders.advance(HOUR_MS)).toEqual([]);
  });
});

test('a held order that hears nothing looks once in an hour', () => {
  const orders = held();
  for (let hour = 0; hour < 3; hour += 1) {
    expect(orders.advance(HOUR_MS - 1)).toEqual([]);
    expect(types(orders.advance(1))).toEqual(['approval.recall']);
    orders.tell(recalled());
  }
});
