/**
 * Keeps the traders: who exists, and who is winding down. A terminated trader leaves memory; whoever asks for it again hears
 * that it is not found.
 */
import { isClosingOrder, traderMachine } from '../../machines/trader.machine.ts';
import type { PortfolioAnswered } from '../../messages/account.ts';
import type { OrderEnded, OrderFilled, OrdersOpenAnswered } from '../../messages/order.ts';
import type { TraderAnswered, TraderCreate, TraderTerminate } from '../../messages/trader.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';

type Taken = TraderCreate | TraderTerminate | OrdersOpenAnswered | PortfolioAnswered | OrderFilled | OrderEnded;

/** Of all orders only the closing ones concern a trader's life. */
function traderOf(message: Taken): string | undefined {
  switch (message.type) {
    case 'trader.create':
    case 'trader.terminate':
      return message.traderId;
    case 'orders.open-answered':
    case 'portfolio.answered':
      return message.requestId;
    case 'order.filled':
    case 'order.ended':
      return isClosingOrder(message.orderId) ? message.traderId : undefined;
  }
}

function notFound(message: Message): readonly TraderAnswered[] {
  const { type, traderId } = message as Taken & { traderId: string };
  return type === 'trader.terminate' ? [{ type: 'trader.answered', traderId, outcome: 'not-found' }] : [];
}

export function tradersAgent(): AgentDefinition {
  return {
    address: 'traders',
    version: 1,
    logic: traderMachine,
    accepts: ['trader.create', 'trader.terminate'],
    reads: ['order.filled', 'order.ended'],
    awaits: ['orders.open-answered', 'portfolio.answered'],
    durable: true,
    keyed: {
      key: (message) => traderOf(message as Taken),
      creates: ['trader.create'],
      ended: (snapshot) => (snapshot as { status: string }).status === 'done',
      unknown: notFound,
    },
    ignores: ['resumed', 'order.filled', 'order.ended', 'orders.open-answered', 'portfolio.answered'],
  };
}
