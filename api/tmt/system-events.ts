/** What a committed record says on tmt's event stream, and who may hear it: signals everybody, fills and refusals who may see their account. */
import type { TradingHalted } from '../../messages/halt.ts';
import type { SignalGenerated } from '../../messages/market.ts';
import type { OrderEnded, OrderFilled } from '../../messages/order.ts';
import type { QuotaWarned } from '../../messages/quota.ts';
import type { JournalRecord } from '../../runtime/message.ts';
import { type Caller, holdsAccount, seesAll } from '../kit/caller.ts';
import type { House } from '../kit/house.ts';
import { paired } from '../kit/paired.ts';

export const SYSTEM_EVENTS = ['signal_generated', 'trade_executed', 'risk_alert'] as const;
export type SystemEventType = (typeof SYSTEM_EVENTS)[number];

export interface SystemEvent {
  readonly type: SystemEventType;
  readonly at: number;
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isFor: (caller: Caller) => boolean;
}

type Told = SignalGenerated | OrderFilled | OrderEnded | TradingHalted | QuotaWarned;
type Traders = Pick<House['read'], 'trader'>;

const everybody = (): boolean => true;

const owners =
  (read: Traders, { traderId, accountId }: { readonly traderId?: string; readonly accountId?: string }) =>
  (caller: Caller): boolean =>
    seesAll(caller) ||
    (accountId !== undefined && holdsAccount(caller, accountId)) ||
    (traderId !== undefined && read.trader(traderId)?.userId === caller.sub);

const spelled = (symbol: string): string => paired(symbol, '_');

const alert = (source: string, data: SystemEvent['data'], isFor: SystemEvent['isFor']): Omit<SystemEvent, 'at'> => ({
  ...{ type: 'risk_alert', source, data, isFor },
});

function halted({ stopId, scope, targetId, reason, mode }: TradingHalted, read: Traders): Omit<SystemEvent, 'at'> {
  const about = { alert: 'trading_halted', stop_id: stopId, scope, reason };
  const data = { ...about, ...(targetId !== undefined && { target_id: targetId }), ...(mode && { mode }) };
  if (scope === 'system' || targetId === undefined) return alert('circuit_breaker_agent', data, everybody);
  const target = scope === 'agent' ? { traderId: targetId } : { accountId: targetId };
  return alert('circuit_breaker_agent', data, owners(read, target));
}

/** A gate that was not there says nothing of a risk; a quota is not a limit of trading. */
function denied({ orderId, accountId, traderId, symbol, denial }: OrderEnded, read: Traders) {
  if (!denial || denial.class === 'unavailable' || denial.class === 'quota') return undefined;
  const { code, explanation, numbers } = denial;
  const about = { alert: 'order_denied', code, message: explanation, details: numbers };
  const order = { trade_id: orderId, account_id: accountId, instrument: spelled(symbol) };
  return alert('risk_management_agent', { ...about, ...order }, owners(read, { traderId, accountId }));
}

function executed(fact: OrderFilled, read: Traders): Omit<SystemEvent, 'at'> {
  const { orderId, accountId, traderId, symbol, side, executionId, quantity, price, commission, end } = fact;
  const order = { trade_id: orderId, account_id: accountId, instrument: spelled(symbol) };
  const fill = { size: Number(quantity), price: Number(price), commission: Number(commission), complete: end };
  const data = { ...order, direction: side === 'buy' ? 'LONG' : 'SHORT', ...fill, execution_id: executionId };
  return { type: 'trade_executed', source: 'execution_engine', data, isFor: owners(read, { traderId, accountId }) };
}

function said(fact: Told, read: Traders): Omit<SystemEvent, 'at'> | undefined {
  switch (fact.type) {
    case 'signal.generated': {
      const { signalId: signal_id, symbol, direction, price, reasons } = fact;
      if (direction === 'flat') return undefined;
      const data = { signal_id, instrument: spelled(symbol), direction: direction.toUpperCase(), price, reasons };
      return { type: 'signal_generated', source: 'market_analysis_agent', data, isFor: everybody };
    }
    case 'order.filled':
      return executed(fact, read);
    case 'order.ended':
      return denied(fact, read);
    case 'trading.halted':
      return halted(fact, read);
    case 'quota.warned': {
      const { traderId, quota, percentUsed, threshold } = fact;
      const data = { alert: 'quota_warning', agent_id: traderId, quota, percent_used: percentUsed, threshold };
      return alert('risk_management_agent', data, owners(read, { traderId }));
    }
    default:
      return undefined;
  }
}

/** Undefined: nothing that the stream tells. */
export function systemEventOf(record: JournalRecord, read: Traders): SystemEvent | undefined {
  const fact = record.message as Told;
  const event = said(fact, read);
  return event && { ...event, at: fact.at ?? record.recordedAt };
}
