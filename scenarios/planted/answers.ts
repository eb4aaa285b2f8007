/** Bugs of stops, answers and refusals: what is told wrongly, leaves late, or is refused although there is room. */
import type { Mutation } from './mutation.ts';

export const ANSWER_BUGS: readonly Mutation[] = [
  {
    name: 'receipt-without-orders',
    file: 'agents/breaker/stops.ts',
    find: "emit({ type: 'trading.halt-answered', stopId, handedOver });",
    replace: "emit({ type: 'trading.halt-answered', stopId, handedOver: [] });",
    why: 'the receipt of a stop does not name what had left',
  },
  {
    name: 'cancel-waits-for-commit',
    file: 'agents/orders/effects.ts',
    find: '      immediate: true,\n',
    replace: '',
    why: 'a cancel leaves for the venue only when its record is durable',
  },
  {
    name: 'repeat-answered-with-conflict',
    file: 'agents/keys/keys.ts',
    find: "else if (state.answer) emit(answerFor(state, 'replay'));\n  else if",
    replace: "else if (state.answer) emit(answerFor(state, 'conflict'));\n  else if",
    why: 'who asks again with the same key is told of a conflict',
  },
  {
    name: 'control-waits-for-others',
    file: 'runtime/journal.ts',
    find: '      this.closeAfterTurn = true;\n    }\n    return record;',
    replace: '    }\n    return record;',
    why: 'a halt does not close its commit',
  },
  {
    name: 'exposure-limit-halved',
    file: 'controls/exposure-limit.ts',
    find: 'if (compare(grossWithOrder, exposureMax) <= 0 ||',
    replace: 'if (compare(grossWithOrder, String(Number(exposureMax) / 2)) <= 0 ||',
    why: 'orders are refused for an exposure that has room',
  },
  {
    name: 'quota-refuses-early',
    file: 'agents/quota/allowances.ts',
    find: 'if (!exact(used).plus(requestedAmount).greaterThan(limit)) continue;',
    replace: "if (!exact(used).plus(requestedAmount).times('1.25').greaterThan(limit)) continue;",
    why: 'orders are refused for a quota that has room',
  },
  {
    name: 'order-rate-refuses-early',
    file: 'controls/order-rate.ts',
    find: 'if (count < max) return undefined;',
    replace: 'if (count * 100 < max) return undefined;',
    why: 'orders are refused for a rate that nobody has reached',
  },
  {
    name: 'told-before-durable',
    file: 'runtime/journal.ts',
    find: '    this.inFlight = next;\n    this.commitBeganAt',
    replace: '    this.inFlight = next;\n    this.events.committed(next.records);\n    this.commitBeganAt',
    why: 'streams and sockets tell of records that a crash takes back',
  },
];
