/** Bugs of gates, approvals and books: limits, quotas, prices, positions, postings. */
import type { Mutation } from './mutation.ts';

export const GATE_BUGS: readonly Mutation[] = [
  {
    name: 'exit-blocked-in-halt',
    file: 'controls/halted.ts',
    find: 'appliesToExits: false,',
    replace: 'appliesToExits: true,',
    why: 'a position cannot be closed in a halt',
    also: [{ file: 'controls/halted.ts', find: 'if (ticket.exit) return undefined;', replace: '' }],
  },
  {
    name: 'halt-gate-open',
    file: 'agents/breaker/breaker.ts',
    find: "return denial ? denied('halt', request.orderId, denial) : allowed('halt', request.orderId);",
    replace: "return denial ? allowed('halt', request.orderId) : allowed('halt', request.orderId);",
    why: 'the halt gate lets everything pass; the second look still holds it back',
  },
  {
    name: 'working-orders-not-counted',
    file: 'agents/risk/book.ts',
    find: 'const working = workingIn(book, symbol, orderId);',
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
    name: 'approval-after-its-end',
    file: 'machines/approval.machine.ts',
    find: 'deliveredAt(event) >= requestOf(context).expiresAt,',
    replace: 'deliveredAt(event) < 0,',
    why: 'behind a night a decision counts that came before the late deadline',
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
    also: [
      {
        file: 'machines/approval.machine.ts',
        find: 'deliveredAt(event) >= requestOf(context).expiresAt,',
        replace: 'deliveredAt(event) < 0,',
      },
    ],
  },
  {
    name: 'approval-used-twice',
    file: 'machines/approval.machine.ts',
    find: "'approval.approve': { actions: 'answerAgain' },",
    replace: "'approval.approve': { actions: ['record', 'answerDecided'] },",
    why: 'a second approval of one request decides again',
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
];
