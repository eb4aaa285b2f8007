/** A gate's decision: the first denial of its controls. Invariant: exits meet only the controls that apply to exits. */
import type { Denial } from '../domain/denial.ts';
import { findInstrument } from '../domain/instrument.ts';
import type { OrderTicket, QuoteView } from '../messages/common.ts';
import { deliveredAt } from '../messages/delivered.ts';
import { instrumentLimitsOf, type TradingLimits } from '../messages/limits.ts';
import { CONTROLS } from './all.ts';
import type { Control, OrderContext } from './control.ts';

const controlsOf = (gate: Control['gate']) => CONTROLS.filter((control) => control.gate === gate);
const byGate: Readonly<Record<Control['gate'], readonly Control[]>> = {
  halt: controlsOf('halt'),
  compliance: controlsOf('compliance'),
  risk: controlsOf('risk'),
};

export function decide(gate: Control['gate'], context: OrderContext): Denial | undefined {
  for (const control of byGate[gate]) {
    if (context.ticket.exit && !control.appliesToExits) continue;
    const denial = control.decide(context);
    if (denial) return denial;
  }
  return undefined;
}

/** What a gate is asked, as delivered. */
interface CheckedOrder {
  readonly type: string;
  at?: number | undefined;
  readonly ticket: OrderTicket;
  readonly amount: string;
  readonly quote?: QuoteView | undefined;
}

type Known = Pick<
  OrderContext,
  | 'halts'
  | 'trader'
  | 'recent'
  | 'passed'
  | 'repeats'
  | 'exposure'
  | 'maxPositionSize'
  | 'reducing'
  | 'funds'
  | 'leverage'
  | 'margin'
  | 'slices'
>;

/** What is asked, with what only this gate has `known`. */
export function contextOf(request: CheckedOrder, limits: TradingLimits | undefined, known: Known): OrderContext {
  const { ticket, amount, quote } = request;
  const instrument = findInstrument(ticket.symbol);
  return {
    ticket,
    amount,
    at: deliveredAt(request),
    quote,
    instrument,
    limits,
    instrumentLimits: limits && instrumentLimitsOf(limits, ticket.symbol, instrument),
    halts: known.halts,
    trader: known.trader,
    recent: known.recent,
    passed: known.passed,
    repeats: known.repeats,
    exposure: known.exposure,
    maxPositionSize: known.maxPositionSize,
    reducing: known.reducing,
    funds: known.funds,
    leverage: known.leverage,
    margin: known.margin,
    slices: known.slices,
  };
}
