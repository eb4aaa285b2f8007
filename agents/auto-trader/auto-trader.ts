/**
 * Trades signals for one trader, each symbol for itself. It asks for orders like anybody else; what may be traded is decided by
 * the gates. Every signal of its symbols gets an answer that is recorded, also when it does nothing.
 */
import type { Bar, Quote, SignalGenerated } from '../../messages/market.ts';
import type { OrderAnswered, OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import { type Desk, type DeskMessage, startDesk, stepDesk } from './desk.ts';
import { AUTO_TRADER_DEFAULTS, type AutoTraderOptions, type AutoTraderSettings } from './options.ts';
import { type Prepared, SYMBOL_START, type SymbolMessage, type SymbolState, stepSymbol, symbolOf } from './symbol.ts';

type Taken = SignalGenerated | Bar | OrderFilled | OrderEnded | OrderAnswered;

const READS = [
  'signal.generated',
  'order.filled',
  'order.ended',
  'trader.created',
  'trader.winding-down',
  'trader.reactivated',
  'trader.terminated',
  'trading.halted',
  'trading.resumed',
] as const;

export function autoTraderAgent(settings: AutoTraderSettings): AgentDefinition {
  const options: AutoTraderOptions = { ...AUTO_TRADER_DEFAULTS, ...settings };
  const symbols = new Set(options.symbols);
  const ours = (symbol: string | undefined): string | undefined =>
    symbol !== undefined && symbols.has(symbol) ? symbol : undefined;

  function keyOf(message: Taken): string | undefined {
    switch (message.type) {
      case 'signal.generated':
      case 'market.bar':
        return ours(message.symbol);
      case 'order.filled':
      case 'order.ended':
        return message.traderId === options.traderId ? ours(message.symbol) : undefined;
      case 'order.answered':
        return ours(symbolOf(message.orderId));
      default:
        return undefined;
    }
  }

  return {
    address: 'auto-trader',
    version: 1,
    logic: functionLogic<SymbolState, SymbolMessage>(SYMBOL_START, (state, message, emit) =>
      stepSymbol(state, message, emit, options),
    ),
    shared: functionLogic<Desk, DeskMessage>(startDesk(options), (desk, message) => stepDesk(desk, message, options)),
    accepts: [],
    reads: READS,
    observes: { 'market.bar': 'every' },
    awaits: ['order.answered'],
    durable: true,
    keyed: {
      key: (message) => keyOf(message as Taken),
      creates: ['signal.generated', 'order.filled'],
      ended: () => false,
    },
    prepare(message, shared, latest): Message & Prepared {
      const symbol = keyOf(message as Taken);
      const quote = symbol === undefined ? undefined : (latest('market.quote', symbol) as Quote | undefined);
      return { ...message, desk: shared as Desk, quote };
    },
    ignores: [...READS, 'market.bar', 'order.answered', 'resumed'],
  };
}
