/** Limits how many orders of one trader pass in a sliding window. Invariant: no window ever holds more than the maximum. */
import type { Control } from './control.ts';
import { deny, noLimit, unknown } from './deny.ts';

export const orderRate: Control = {
  name: 'order-rate',
  codes: ['ORDER_RATE', 'NO_LIMIT_CONFIGURED', 'GATE_UNAVAILABLE'],
  class: 'limit',
  gate: 'compliance',
  settings: ['orderRate.max', 'orderRate.windowMs'],
  appliesToExits: false,
  rule:
    'At most `max` orders of one trader pass within `windowMs` (RTS 6 art. 15(1)(d)); cancels and exits are never ' +
    'throttled. Time is counted in twentieths of the window, so room may come back up to that much later, never ' +
    'earlier. A window that is made longer begins with what the shorter one still knew. Example: with 200 a minute the 201st order in a minute is refused.',
  decide({ at, limits, passed, ticket }) {
    if (!limits) return noLimit('order rate limit');
    if (!passed) return unknown('number of recent orders');
    const { max, windowMs } = limits.orderRate;
    const count = passed.reduce((sum, entry) => (entry.at > at - windowMs ? sum + entry.count : sum), 0);
    if (count < max) return undefined;
    return deny(
      'ORDER_RATE',
      'limit',
      `Trader ${ticket.traderId} has placed ${count} orders within ${windowMs} ms, the limit is ${max}.`,
      { count: String(count), limit: String(max), windowMs: String(windowMs) },
    );
  },
};
