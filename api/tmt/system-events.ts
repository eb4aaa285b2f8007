/** What a committed record says on tmt's event stream, and who may hear it: signals everybody, fills and refusals who may see their account. */
import type { TradingHalted } from '../../messages/halt.ts';
import type { SignalGenerated } from '../../messages/market.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { QuotaWarned } from '../../messages/quota.ts';
import type { JournalRecord } from '../../runtime/message.ts';
import { iso } from '../kit/instant.ts';
import { paired } from '../kit/paired.ts';
import { everybody, type MayHear, type Owned, owners, ownersOfHalt } from './owners.ts';
import type { SystemMessage } from './told.ts';

export type SystemEventType = SystemMessage['event_type'];
export const SYSTEM_EVENTS = ['signal_generated', 'trade_executed', 'risk_alert'] as const satisfies SystemEventType[];

export interface SystemEvent {
  readonly message: SystemMessage;
  readonly isFor: MayHear;
}

type Untimed<Message> = Message extends SystemMessage ? Omit<Message, 'timestamp'> : never;
interface Said {
  readonly message: Untimed<SystemMessage>;
  readonly isFor: MayHear;
}
type Alert = Extract<SystemMessage, { event_type: 'risk_alert' }>['data'];

type Told = SignalGenerated | OrderFilled | OrderEnded | TradingHalted | QuotaWarned;
const spelled = (symbol: string): string => paired(symbol, '_');

const alert = (source: string, data: Alert, isFor: MayHear): Said => ({
  ...{ message: { event_type: 'risk_alert', source, data }, isFor },
});

function halted({ stopId: stop_id, scope, targetId, reason, mode }: TradingHalted, read: Owned): Said {
  const target = { ...(targetId !== undefined && { target_id: targetId }), ...(mode && { mode }) };
  const data: Alert = { alert: 'trading_halted', stop_id, scope, reason, ...target };
  return alert('circuit_breaker_agent', data, ownersOfHalt(read, { scope, targetId }));
}

/** A gate that was not there says nothing of a risk; a quota is not a limit of trading. */
function denied({ orderId, accountId, traderId, symbol, denial }: OrderEnded, read: Owned) {
  if (!denial || denial.class === 'unavailable' || denial.class === 'quota') return undefined;
  const { code, explanation, numbers } = denial;
  const order = { trade_id: orderId, account_id: accountId, instrument: spelled(symbol) };
  const data: Alert = { alert: 'order_denied', code, message: explanation, details: { ...numbers }, ...order };
  return alert('risk_management_agent', data, owners(read, { traderId, accountId }));
}

function executed(fact: OrderFilled, read: Owned): Said {
  const { orderId, accountId, traderId, symbol, side, executionId, quantity, price, commission, end } = fact;
  const order = { trade_id: orderId, account_id: accountId, instrument: spelled(symbol) };
  const fill = { size: Number(quantity), price: Number(price), commission: Number(commission), complete: end };
  const direction = side === 'buy' ? 'LONG' : 'SHORT';
  const data = { ...order, direction, ...fill, execution_id: executionId } as const;
  const message = { event_type: 'trade_executed', source: 'execution_engine', data } as const;
  return { message, isFor: owners(read, { traderId, accountId }) };
}

function generated({ signalId, symbol, direction, price, reasons }: SignalGenerated): Said | undefined {
  if (direction === 'flat') return undefined;
  const about = { signal_id: signalId, instrument: spelled(symbol), price, reasons };
  const data = { ...about, direction: direction === 'long' ? 'LONG' : 'SHORT' } as const;
  return { message: { event_type: 'signal_generated', source: 'market_analysis_agent', data }, isFor: everybody };
}

function said(fact: Told, read: Owned): Said | undefined {
  switch (fact.type) {
    case 'signal.generated':
      return generated(fact);
    case 'order.filled':
      return executed(fact, read);
    case 'order.ended':
      return denied(fact, read);
    case 'trading.halted':
      return halted(fact, read);
    case 'quota.warned': {
      const { traderId, quota, percentUsed, threshold } = fact;
      const data: Alert = { alert: 'quota_warning', agent_id: traderId, quota, percent_used: percentUsed, threshold };
      return alert('risk_management_agent', data, owners(read, { traderId }));
    }
    default:
      return undefined;
  }
}

/** Undefined: nothing that the stream tells. */
export function systemEventOf(record: JournalRecord, read: Owned): SystemEvent | undefined {
  const fact = record.message as Told;
  const event = said(fact, read);
  if (!event) return undefined;
  const { message, isFor } = event;
  return { message: { ...message, timestamp: iso(fact.at ?? record.recordedAt) }, isFor };
}
