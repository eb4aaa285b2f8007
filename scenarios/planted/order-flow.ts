/** Bugs on the way of an order: fills, hand-overs, halts, cancels, late news, differences with the venue. */
import type { Mutation } from './mutation.ts';

export const ORDER_FLOW_BUGS: readonly Mutation[] = [
  {
    name: 'duplicate-fills-booked',
    file: 'machines/order-context.ts',
    find: 'if (after.executions.includes(fill.executionId)) continue;',
    replace: '',
    why: 'an execution that is told twice is booked twice',
  },
  {
    name: 'first-fill-ends-order',
    file: 'machines/order-context.ts',
    find: 'const end = !leaves.greaterThan(0);',
    replace: 'const end = true;',
    why: 'a partly filled order is taken for filled',
  },
  {
    name: 'resume-sends-blindly',
    file: 'agents/orders/effects.ts',
    find: ': venue.lookup(orderId, signal, deliveredAt(fact)),',
    replace: ': venue.submit(venueOrder((fact as OrderIntended).ticket), signal),',
    why: 'after a crash an order is handed over again without asking the venue',
  },
  {
    name: 'halts-not-looked-at-again',
    file: 'agents/orders/orders.ts',
    find: 'return halt ? ({ ...message, haltId: halt.stopId } as OrderRelease) : message;',
    replace: 'return halt ? message : message;',
    why: 'the second look at the halts before the hand-over is dropped',
    masked:
      'the orders agent reads a halt before any release, and the halt itself ends every order that was not handed over; without both nets it is `release-ignores-halts`',
  },
  {
    name: 'release-ignores-halts',
    file: 'agents/orders/orders.ts',
    find: 'return halt ? ({ ...message, haltId: halt.stopId } as OrderRelease) : message;',
    replace: 'return halt ? message : message;',
    why: 'an order leaves in a halt that came after its gates',
    also: [
      {
        file: 'machines/order.machine.ts',
        find: `'order.cancel': withdrawal,
        'trading.halted': withdrawal,
        // After`,
        replace: `'order.cancel': withdrawal,
        'trading.halted': {},
        // After`,
      },
    ],
  },
  {
    name: 'halt-leaves-working-orders',
    file: 'agents/orders/orders.ts',
    find: "if (message.type !== 'trading.halted') return [];",
    replace: 'if (message) return [];',
    why: 'a stop does not cancel what rests at the venue',
  },
  {
    name: 'cancel-blocked-in-halt',
    file: 'agents/orders/orders.ts',
    find: "if (message.type === 'order.release') {",
    replace:
      "if (message.type === 'order.cancel' && (shared as Known).halts.length > 0) return { ...message, type: 'order.get', wait: false } as Message;\n  if (message.type === 'order.release') {",
    why: 'while anything is halted nobody can cancel',
  },
  {
    name: 'absent-believed-early',
    file: 'machines/order-setup.ts',
    find: 'event.sinceSentMs >= REQUEST_LIFE_MS;',
    replace: 'event.sinceSentMs >= 0;',
    why: 'an order is given up while its request is still on the way',
  },
  {
    name: 'stale-absence-believed',
    file: 'machines/order-setup.ts',
    find: 'event.fillsKnown === context.executions.length,',
    replace: 'event.fillsKnown !== undefined,',
    why: 'a lookup that is older than the first fill gives up an order that the venue still works',
  },
  {
    name: 'handed-over-again-after-cancel',
    file: 'machines/order-setup.ts',
    find: `context.filledQuantity === '0' &&
      context.cancel === null,`,
    replace: "context.filledQuantity === '0',",
    why: 'an order that somebody cancelled is sent once more',
  },
  {
    name: 'withdrawn-while-it-may-have-left',
    file: 'machines/order-setup.ts',
    find: 'mayHaveLeft: ({ context }) => context.attempts > 1,',
    replace: 'mayHaveLeft: ({ context }) => context.attempts > 99,',
    why: 'an order that waits to be handed over again is taken for cancelled, and its first request is filled',
  },
  {
    name: 'difference-believed-at-once',
    file: 'agents/reconciliation/findings.ts',
    find: 'if (readFromMs - sinceMs >= CONFIRM_MS && found.length < FINDINGS_MAX) found.push(difference);',
    replace: 'if (before?.how === how && found.length < FINDINGS_MAX) found.push(difference);',
    why: 'a difference is believed by two looks that follow each other at once, with the news of it still on their way',
  },
  {
    name: 'suspicion-outlives-its-life',
    file: 'agents/reconciliation/reconciliation.ts',
    find: "const suspects = message.type === 'resumed' ? {} : state.suspects;",
    replace: 'const { suspects } = state;',
    why: 'what one life suspected is believed at the start of the next, before the news of it could come again',
  },
  {
    name: 'late-fill-booked-on-memory',
    file: 'system/venue-news.ts',
    find: 'await this.runtime.durable();',
    replace: '',
    why: 'a fill whose first booking is not durable yet is booked late, twice',
  },
  {
    name: 'late-fill-dropped',
    file: 'system/venue-news.ts',
    find: '} else if (report.fills.length > 0) {',
    replace: '} else if (report.fills.length > 999) {',
    why: 'money that moved after the end of an order is never booked',
  },
  {
    name: 'commission-forgotten',
    file: 'machines/order-context.ts',
    find: 'next.commission = plus(after.commission, fill.commission);',
    replace: 'next.commission = after.commission;',
    why: 'what an order cost is not told',
  },
  {
    name: 'terminated-with-open-orders',
    file: 'machines/trader.machine.ts',
    find: 'orderIds.length > 0,',
    replace: 'orderIds.length > 99,',
    why: 'a trader ends while orders of it still work',
  },
];
