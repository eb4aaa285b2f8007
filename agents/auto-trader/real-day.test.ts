/** A real day of ticks through bars, signals and the auto-trader, each order filled at the quote it met: it trades, and sanely. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { absolute, compare, exact, minus, times } from '../../domain/decimal.ts';
import { openReplay, parseReplaySpec } from '../../market/replay.ts';
import { openTickPath } from '../../market/tick-path.ts';
import { stepTrend, TREND_DEFAULTS, TREND_START } from '../../market/trend.ts';
import type { AutoTradeDecided, Quote } from '../../messages/market.ts';
import type { OrderFilled, OrderSubmit } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { drive } from '../testing/drive.ts';
import { autoTraderAgent } from './auto-trader.ts';

const file = fileURLToPath(new URL('../../../shared/data/EURUSD_ticks_fxcm_2014-05-08.csv.gz', import.meta.url));

test.skipIf(!existsSync(file))(
  'on a day of real EURUSD ticks it trades at least twenty times, within its size and one position',
  async () => {
    const newest: Record<string, Message> = {};
    const settings = { traderId: 'agent-auto', accountId: 'account-auto', userId: 'user-123', symbols: ['EURUSD'] };
    const agent = drive(autoTraderAgent(settings), newest);
    const orders: OrderSubmit[] = [];
    const decisions: AutoTradeDecided[] = [];
    let trend = TREND_START;
    let position = '0';
    let cash = '0';

    function hear(said: readonly Message[], at: number): void {
      for (const message of said) {
        if (message.type === 'auto-trade.decided') decisions.push(message as AutoTradeDecided);
        if (message.type === 'order.submit') fill(message as OrderSubmit, at);
      }
    }
    function fill(order: OrderSubmit, at: number): void {
      orders.push(order);
      const { orderId, traderId, accountId, symbol, side, quantity, price } = order.ticket;
      position = side === 'buy' ? exact(position).plus(quantity).toFixed() : minus(position, quantity);
      cash = side === 'buy' ? minus(cash, times(quantity, price)) : exact(cash).plus(times(quantity, price)).toFixed();
      const filled: OrderFilled = {
        ...{ type: 'order.filled', orderId, traderId, accountId, symbol, side, quantity, price, commission: '0' },
        ...{
          executionId: `${orderId}-1`,
          filledQuantity: quantity,
          leavesQuantity: '0',
          averagePrice: price,
          end: true,
        },
      };
      hear(agent.tell(filled, at), at);
    }

    let last: Quote | undefined;
    const path = openTickPath([TREND_DEFAULTS.timeframeMs], (message) => {
      if (message.type === 'market.quote') {
        newest.EURUSD = message;
        last = message;
      }
      if (message.type !== 'market.bar') return;
      hear(agent.tell(message, message.end), message.end);
      const { state, signal } = stepTrend(trend, message, TREND_DEFAULTS);
      trend = state;
      if (signal) hear(agent.tell(signal, message.end), message.end);
    });
    for await (const { quote } of openReplay(parseReplaySpec(file)).quotes(0)) path.tick(quote);

    expect(orders.length).toBeGreaterThanOrEqual(20);
    expect(new Set(orders.map(({ ticket }) => ticket.orderId)).size).toBe(orders.length);
    for (const { ticket } of orders) {
      expect(compare(times(ticket.quantity, ticket.price), '46000')).toBeLessThan(0);
      expect(exact(ticket.quantity).mod(1000).isZero()).toBe(true);
    }
    expect(compare(absolute(position), '45000')).toBeLessThan(0);
    expect(decisions.every(({ reason }) => reason.endsWith('.'))).toBe(true);
    const equity = exact(cash)
      .plus(times(position, String(last?.bid)))
      .toNumber();
    expect(Math.abs(equity)).toBeLessThan(1_000);
  },
);
