/**
 * Bugs that somebody could write, planted one at a time in a build of their own: each must be seen by a checker, or it is named as
 * missed. `find` stands exactly once in its file, so that a changed product shows here by name and not as a bug nobody planted.
 */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutation extends Edit {
  readonly name: string;
  /** Which promise it breaks. */
  readonly why: string;
  /** Other places of the same bug: a second net that would catch it. */
  readonly also?: readonly Edit[];
}

export const MUTATIONS: readonly Mutation[] = [
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
    name: 'answer-before-commit',
    file: 'runtime/journal.ts',
    find: 'if (ordinal <= this.durableOrdinal && !this.stopped) release();',
    replace: 'if (!this.stopped) release();',
    why: 'a caller is told what a crash takes back',
  },
  {
    name: 'watermark-off-by-one',
    file: 'runtime/journal.ts',
    find: 'const ordinal = this.open.isEmpty ? this.ordinal - 1 : this.ordinal;',
    replace: 'const ordinal = this.ordinal - 1;',
    why: 'an answer leaves with the group before its own',
  },
  {
    name: 'cursor-not-written',
    file: 'runtime/journal.ts',
    find: 'for (const cell of this.open.dirty.keys()) if (cell.hasCursor) cursors.push(cursorOf(cell, head));',
    replace: '',
    why: 'after a crash an agent reads again what its rows already hold',
  },
  {
    name: 'hash-chain-skips',
    file: 'runtime/journal.ts',
    find: 'this.hash = record.hash;',
    replace: "if (record.type !== 'order.working') this.hash = record.hash;",
    why: 'a record can be taken out of the journal unseen',
  },
  {
    name: 'halt-lost-after-crash',
    file: 'runtime/group.ts',
    find: 'if (entity.dirtyIn === this) return;',
    replace: "if (entity.dirtyIn === this || entity.key === '') return;",
    why: 'what all orders share, the halts in force, is not stored',
  },
  {
    name: 'effect-stays-open',
    file: 'runtime/kernel.ts',
    find: "if (letter.closes && taken !== 'stashed') journal.fulfil(letter.closes);",
    replace: '',
    why: 'the outbox keeps what is done, and does it again after each start',
  },
  {
    name: 'deadline-fires-twice',
    file: 'runtime/deadlines.ts',
    find: 'entity.deadlines!.delete(fired!.sendId);',
    replace: '',
    why: 'a deadline that has fired stays in its row and fires again after a start',
  },
  {
    name: 'latched-halt-dropped',
    file: 'runtime/recovery.ts',
    find: 'for (const letter of this.latched.splice(0)) {',
    replace: 'for (const letter of this.latched.splice(0, 0)) {',
    why: 'a halt whose commit failed is void',
  },
  {
    name: 'resume-sends-blindly',
    file: 'agents/orders/effects.ts',
    find: 'return reported(fact, await venue.lookup(orderId, signal));',
    replace: 'return reported(fact, await venue.submit(venueOrder((fact as OrderIntended).ticket), signal));',
    why: 'after a crash an order is handed over again without asking the venue',
  },
  {
    name: 'order-leaves-before-commit',
    file: 'agents/orders/effects.ts',
    find: "release: { message: releaseOf, proceedsOn: 'order.sent' },",
    replace: "immediate: true, release: { message: releaseOf, proceedsOn: 'order.sent' },",
    why: 'an order leaves while its intent may still be lost',
  },
  {
    name: 'halts-not-looked-at-again',
    file: 'agents/orders/orders.ts',
    find: 'return halt ? ({ ...message, haltId: halt.stopId } as OrderRelease) : message;',
    replace: 'return halt ? message : message;',
    why: 'the second look at the halts before the hand-over is dropped; that the halt ends intended orders too may hide it',
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
        find: `'order.cancel': withdrawn,
        'trading.halted': withdrawn,
        // After`,
        replace: `'order.cancel': withdrawn,
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
    name: 'exit-blocked-in-halt',
    file: 'controls/halted.ts',
    find: 'appliesToExits: false,',
    replace: 'appliesToExits: true,',
    why: 'a position cannot be closed in a halt',
  },
  {
    name: 'halt-gate-open',
    file: 'agents/breaker/breaker.ts',
    find: "return denial ? denied('halt', request.orderId, denial) : allowed('halt', request.orderId);",
    replace: "return denial ? allowed('halt', request.orderId) : allowed('halt', request.orderId);",
    why: 'the halt gate lets everything pass; the second look still holds it back',
  },
  {
    name: 'absent-believed-early',
    file: 'machines/order-setup.ts',
    find: 'event.askedAt - handedOverAt >= REQUEST_LIFE_MS;',
    replace: 'event.askedAt - handedOverAt >= 0;',
    why: 'an order is given up while its request is still on the way',
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
    name: 'working-orders-not-counted',
    file: 'agents/risk/book.ts',
    find: 'const working = workingIn(withoutReservation(book, orderId), symbol);',
    replace: 'const working: Reservation[] = [];',
    why: 'two orders spend the same room',
  },
  {
    name: 'risk-room-never-freed',
    file: 'agents/risk/risk.ts',
    find: 'if (ended.orderId in state.reservations) return withBook(state, withoutReservation(state, ended.orderId));',
    replace: '',
    why: 'what an ended order had set aside stays set aside',
  },
  {
    name: 'exposure-limit-doubled',
    file: 'controls/exposure-limit.ts',
    find: 'if (compare(grossWithOrder, exposureMax) <= 0 || compare(grossWithOrder, gross) <= 0) return undefined;',
    replace: 'if (compare(gross, exposureMax) <= 0 || compare(grossWithOrder, gross) <= 0) return undefined;',
    why: 'the limit is held against what was there before the order',
  },
  {
    name: 'quota-off-by-one',
    file: 'agents/quota/allowances.ts',
    find: 'if (!exact(used).plus(requestedAmount).greaterThan(limit)) continue;',
    replace: 'if (!exact(used).greaterThan(limit)) continue;',
    why: 'one order more than the quota passes',
  },
  {
    name: 'quota-not-voided',
    file: 'agents/quota/quota.ts',
    find: `if (fact.orderId in state.reservations) {
    return announced`,
    replace: `if (state.traderId === fact.orderId) {
    return announced`,
    why: 'an order that ended without a fill keeps its quota',
  },
  {
    name: 'quota-voided-twice',
    file: 'agents/quota/periods.ts',
    find: 'return isPositive(filledAmount) ? counted(rest, reservation, filledAmount, 1) : rest;',
    replace:
      'return isPositive(filledAmount) ? counted(rest, reservation, filledAmount, 1) : counted(rest, reservation, reservation.amount, -1);',
    why: 'an unfilled order gives back twice what it took',
  },
  {
    name: 'quota-post-missing',
    file: 'agents/quota/periods.ts',
    find: 'return isPositive(filledAmount) ? counted(rest, reservation, filledAmount, 1) : rest;',
    replace: 'return rest;',
    why: 'a filled order does not count once it has ended',
  },
  {
    name: 'stale-quote-allowed',
    file: 'controls/stale-data.ts',
    find: 'if (ageMs <= limits.quoteAgeMaxMs) return undefined;',
    replace: 'if (limits.quoteAgeMaxMs >= 0) return undefined;',
    why: 'orders pass on a market that nobody has seen for minutes',
  },
  {
    name: 'collar-one-sided',
    file: 'controls/price-collar.ts',
    find: 'const outside = prices.find((price) => exact(price).minus(last).abs().greaterThan(distanceMax));',
    replace: 'const outside = prices.find((price) => exact(price).minus(last).greaterThan(distanceMax));',
    why: 'a price far below the market passes',
  },
  {
    name: 'oversight-asleep',
    file: 'agents/oversight/oversight.ts',
    find: 'return !ticket.exit && compare(amount, thresholdUsd) > 0;',
    replace: 'return !ticket.exit && compare(amount, thresholdUsd) > 9;',
    why: 'large orders need nobody',
  },
  {
    name: 'approval-not-bound-to-price',
    file: 'machines/approval.machine.ts',
    find: 'return quote !== undefined && !isInBand(requestOf(context).band, quote.last);',
    replace: 'return quote !== undefined && quote.last === requestOf(context).band.low;',
    why: 'an approval counts although the market has left its band',
  },
  {
    name: 'approval-hash-without-quantity',
    file: 'machines/approval.machine.ts',
    find: 'contentHash: contentHash({ traderId, symbol, side, quantity, band, policyVersion })',
    replace: "contentHash: contentHash({ traderId, symbol, side, quantity: '1', band, policyVersion })",
    why: 'the hash does not cover all that was shown',
  },
  {
    name: 'approval-never-expires',
    file: 'machines/approval.machine.ts',
    find: 'delays: { validity: APPROVAL_VALID_MS,',
    replace: 'delays: { validity: APPROVAL_VALID_MS * 30,',
    why: 'somebody approves what was shown yesterday',
  },
  {
    name: 'approval-used-twice',
    file: 'machines/approval.machine.ts',
    find: "'approval.approve': { actions: 'answerAgain' },",
    replace: "'approval.approve': { actions: ['record', 'answerDecided'] },",
    why: 'a second approval of one request decides again',
  },
  {
    name: 'key-not-kept',
    file: 'agents/keys/keys.ts',
    find: 'durable: true,',
    replace: 'durable: false,',
    why: 'after a crash a repeated request makes a second order',
  },
  {
    name: 'position-without-sign',
    file: 'domain/position.ts',
    find: 'const traded = signedExact(fill.side, fill.quantity);',
    replace: "const traded = signedExact('buy', fill.quantity);",
    why: 'a sale adds to the position',
  },
  {
    name: 'ledger-one-sided',
    file: 'projections/ledger.ts',
    find: "post(fact.executionId, 'fill', fillEntries(fact.accountId, fact, before, after, multiplier));",
    replace: "post(fact.executionId, 'fill', fillEntries(fact.accountId, fact, before, after, multiplier).slice(1));",
    why: 'a posting does not sum to zero',
  },
  {
    name: 'commission-forgotten',
    file: 'machines/order-context.ts',
    find: 'commission: plus(after.commission, fill.commission),',
    replace: 'commission: after.commission,',
    why: 'what an order cost is not told; the simulated venue takes no commission yet',
  },
  {
    name: 'terminated-with-open-orders',
    file: 'machines/trader.machine.ts',
    find: 'orderIds.length > 0,',
    replace: 'orderIds.length > 99,',
    why: 'a trader ends while orders of it still work',
  },
];
