/** A gate's decision: the first denial of its controls. Invariant: exits meet only the controls that apply to exits. */
import type { Denial } from '../domain/denial.ts';
import { type AssetClass, findInstrument, type Instrument } from '../domain/instrument.ts';
import { parseContract } from '../domain/instruments/contracts.ts';
import type { OrderTicket, QuoteView } from '../messages/common.ts';
import { deliveredAt } from '../messages/delivered.ts';
import type { InstrumentLimits, TradingLimits } from '../messages/limits.ts';
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

const CLASS_LIMITS: Readonly<Record<AssetClass, string>> = {
  fx: 'class:fx',
  metal: 'class:metal',
  crypto: 'class:crypto',
  future: 'class:future',
  equity: 'class:equity',
};

/** A symbol's own limits go before those of its series, a dated contract's, and these before those of its asset class. */
function instrumentLimitsOf(
  { instruments }: TradingLimits,
  symbol: string,
  instrument: Instrument | undefined,
): InstrumentLimits | undefined {
  const own = instruments[symbol];
  if (own || !instrument) return own;
  const series = instrument.assetClass === 'future' ? parseContract(symbol)?.root : undefined;
  return (series === undefined ? undefined : instruments[series]) ?? instruments[CLASS_LIMITS[instrument.assetClass]];
}

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
