/**
 * One symbol of the auto-trader: follows signals, closes before it turns round, closes at its stop. Invariants: at most one
 * order at a time, each order id used once, nothing is opened while a halt covers the trader, and what is open is closed at its stop then too.
 */
import { absolute, type DecimalText, fromNumber, isZero, plus } from '../../domain/decimal.ts';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import { roundToTick } from '../../domain/money.ts';
import { type Side, signed } from '../../domain/order.ts';
import type { QuoteView } from '../../messages/common.ts';
import type { AutoTradeDecided, Bar, Quote, SignalGenerated } from '../../messages/market.ts';
import type { OrderAnswered, OrderEnded, OrderFilled, OrderGet, OrderSubmit } from '../../messages/order.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import { after, cancelAfter, type Emit } from '../../runtime/logic.ts';
import { type Desk, equityOf, openPositions } from './desk.ts';
import type { AutoTraderOptions } from './options.ts';
import { type Size, sizeByRisk } from './sizing.ts';

export interface SymbolState {
  /** Signed. */
  readonly quantity: DecimalText;
  readonly working: { readonly orderId: string; readonly signalId: string } | null;
  /** The signal to follow once the working close has filled. */
  readonly next: SignalGenerated | null;
  /** Where the open position is given up, and the signal that opened it. */
  readonly stop: { readonly price: number; readonly signalId: string } | null;
  /** Orders asked for so far: the last part of the next order's id. */
  readonly orders: number;
}

export const SYMBOL_START: SymbolState = { quantity: '0', working: null, next: null, stop: null, orders: 0 };

/** What `prepare` adds to a message before the turn. */
export interface Prepared {
  readonly desk: Desk;
  readonly quote: Quote | undefined;
}

export type SymbolMessage = (SignalGenerated | OrderFilled | OrderEnded | OrderAnswered | Bar | Resumed) & Prepared;

type Step = { readonly state: SymbolState; readonly emit: Emit; readonly options: AutoTraderOptions } & Prepared;

export function stepSymbol(
  state: SymbolState,
  message: SymbolMessage,
  emit: Emit,
  options: AutoTraderOptions,
): SymbolState {
  const { desk, quote } = message;
  const step: Step = { state, emit, options, desk, quote };
  switch (message.type) {
    case 'signal.generated':
      return follow(step, message);
    case 'market.bar':
      return watchStop(step, message);
    case 'order.filled':
      return filled(step, message);
    case 'order.ended':
      return message.orderId === state.working?.orderId ? done(step) : state;
    case 'order.answered':
      return message.order === null && message.orderId === state.working?.orderId ? forget(step) : state;
    case 'resumed':
      if (state.working) askAfter(step, state.working.orderId);
      return state;
  }
}

function follow(step: Step, signal: SignalGenerated): SymbolState {
  const { state, desk, options } = step;
  const { symbol, direction } = signal;
  const held = isZero(state.quantity) ? 'flat' : state.quantity.startsWith('-') ? 'short' : 'long';
  if (desk.status !== 'active') return hold(step, signal, `The trader is ${desk.status}.`);
  if (state.working) return hold(step, signal, `Order ${state.working.orderId} is still open.`);
  if (held === direction) {
    return hold(step, signal, held === 'flat' ? 'Nothing is open to close.' : `Already ${held} ${symbol}.`);
  }
  const halt = Object.values(desk.halts)[0];
  if (held !== 'flat') {
    const reason = `The signal says ${direction}: closes the ${held} position of ${absolute(state.quantity)}.`;
    const turnsRound = direction !== 'flat' && halt === undefined;
    return closeAll(step, symbol, signal.signalId, signal.price, reason, turnsRound ? signal : null);
  }
  if (halt !== undefined) return hold(step, signal, `Trading is halted: ${halt}.`);
  if (openPositions(desk) >= options.openPositionsMax) {
    return hold(step, signal, `As many positions are open as are allowed: ${options.openPositionsMax}.`);
  }
  return open(step, signal);
}

function sizeReason({ atRisk, mayRisk, decidedBy }: Size, orderValueMax: string): string {
  const [risks, may] = [atRisk, mayRisk].map((amount) => Number(amount).toFixed(2));
  if (decidedBy === 'risk') return `Risks ${risks} USD at its stop, of ${may} that it may.`;
  return `No larger than ${orderValueMax} USD: risks ${risks} USD at its stop, of ${may} that it may.`;
}

function open(step: Step, signal: SignalGenerated): SymbolState {
  const { desk, options } = step;
  const { symbol, direction, atr, signalId } = signal;
  const instrument = findInstrument(symbol);
  if (!instrument) return hold(step, signal, `${symbol} is not a known instrument.`);
  const side: Side = direction === 'long' ? 'buy' : 'sell';
  const price = statedPrice(step.quote, instrument, side, signal.price);
  const size = sizeByRisk(instrument, equityOf(desk), price, atr, options);
  const { quantity } = size;
  if (isZero(quantity)) {
    return hold(
      step,
      signal,
      `The smallest quantity is worth more than ${options.orderValueMax} USD or risks too much.`,
    );
  }
  const distance = atr * Number(options.stopAtrs);
  const stopPrice = side === 'buy' ? Number(price) - distance : Number(price) + distance;
  const reason = `${signal.reasons.join(' ')} ${sizeReason(size, options.orderValueMax)}`;
  const action = side === 'buy' ? 'BUY' : 'SELL';
  const ordered = submit(step, instrument, { side, quantity, price, exit: false, signalId, action, reason });
  return { ...ordered, next: null, stop: { price: stopPrice, signalId } };
}

function closeAll(
  step: Step,
  symbol: string,
  signalId: string,
  lastPrice: number,
  reason: string,
  next: SignalGenerated | null,
): SymbolState {
  const { state, quote } = step;
  const instrument = findInstrument(symbol);
  if (!instrument) throw new Error(`Invariant: a position in the unknown instrument ${symbol}`);
  const side: Side = state.quantity.startsWith('-') ? 'buy' : 'sell';
  const price = statedPrice(quote, instrument, side, lastPrice);
  const quantity = absolute(state.quantity);
  const ordered = submit(step, instrument, { side, quantity, price, exit: true, signalId, action: 'CLOSE', reason });
  return { ...ordered, next };
}

function watchStop(step: Step, bar: Bar): SymbolState {
  const { state, desk } = step;
  const { stop, quantity, working } = state;
  if (!stop || working || isZero(quantity) || desk.status !== 'active') return state;
  const reached = quantity.startsWith('-') ? bar.close >= stop.price : bar.close <= stop.price;
  if (!reached) return state;
  const reason = `The bar closed at ${bar.close}, beyond the stop at ${Number(stop.price.toPrecision(8))}.`;
  return closeAll(step, bar.symbol, stop.signalId, bar.close, reason, null);
}

function filled(step: Step, fill: OrderFilled): SymbolState {
  const { state } = step;
  const quantity = plus(state.quantity, signed(fill.side, fill.quantity));
  const held: SymbolState = { ...state, quantity, stop: isZero(quantity) ? null : state.stop };
  return fill.end && fill.orderId === state.working?.orderId ? done({ ...step, state: held }) : held;
}

/** The working order has ended, whichever way; a filled close makes room for the turn round. */
function done(step: Step): SymbolState {
  const { state, emit } = step;
  emit(cancelAfter('order-check'));
  const { next } = state;
  const stop = isZero(state.quantity) ? null : state.stop;
  const free: SymbolState = { ...state, working: null, next: null, stop };
  return next && isZero(state.quantity) ? follow({ ...step, state: free }, next) : free;
}

/** Nobody knows the order: it was lost on its way, before anything happened. */
function forget(step: Step): SymbolState {
  const { state, emit, options } = step;
  const { working } = state;
  const free = done({ ...step, state: { ...state, next: null } });
  if (working) {
    const { orderId, signalId } = working;
    emit(
      decided(
        options,
        symbolOf(orderId) ?? '',
        signalId,
        'HOLD',
        `Order ${orderId} was never taken: the next signal decides anew.`,
      ),
    );
  }
  return free;
}

function askAfter({ emit, options }: Step, orderId: string): void {
  const ask: OrderGet = { type: 'order.get', orderId, wait: false };
  emit(ask);
  emit(after('order-check', options.orderCheckMs, { type: 'resumed' }));
}

interface Wish {
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  readonly exit: boolean;
  readonly signalId: string;
  readonly action: 'BUY' | 'SELL' | 'CLOSE';
  readonly reason: string;
}

function submit({ state, emit, options, quote }: Step, instrument: Instrument, wish: Wish): SymbolState {
  const { side, quantity, price, exit, signalId, action, reason } = wish;
  const { traderId, accountId, userId } = options;
  const { symbol } = instrument;
  const orders = state.orders + 1;
  const orderId = `trade-auto-${signalId}-${orders}`;
  const command: OrderSubmit = {
    type: 'order.submit',
    ticket: {
      ...{ orderId, traderId, accountId, userId, symbol, side, quantity, price, exit },
      orderType: 'market',
      timeInForce: 'GTC',
      surface: 'auto-trader',
    },
    ...(quote === undefined ? {} : { quote: viewOf(quote, instrument) }),
  };
  emit(command);
  emit(decided(options, symbol, signalId, action, reason, orderId));
  emit(after('order-check', options.orderCheckMs, { type: 'resumed' }));
  return { ...state, orders, working: { orderId, signalId } };
}

function hold({ state, emit, options }: Step, signal: SignalGenerated, reason: string): SymbolState {
  emit(decided(options, signal.symbol, signal.signalId, 'HOLD', reason));
  return state;
}

function decided(
  { traderId }: AutoTraderOptions,
  symbol: string,
  signalId: string,
  action: AutoTradeDecided['action'],
  reason: string,
  orderId?: string,
): AutoTradeDecided {
  const fact: AutoTradeDecided = { type: 'auto-trade.decided', traderId, symbol, action, signalId, reason };
  return orderId === undefined ? fact : { ...fact, orderId };
}

/** The symbol in an order id of ours; an answer about an unknown order says nothing else. */
export const symbolOf = (orderId: string): string | undefined => /^trade-auto-sig-([^-]+)-/.exec(orderId)?.[1];

/** What a market order is counted with: the side of the quote it will meet, else the last price known. */
function statedPrice(quote: Quote | undefined, { tickSize }: Instrument, side: Side, lastPrice: number): DecimalText {
  const met = quote === undefined ? lastPrice : side === 'buy' ? quote.ask : quote.bid;
  return roundToTick(fromNumber(met), tickSize);
}

function viewOf({ bid, ask, last, at = 0 }: Quote, { tickSize }: Instrument): QuoteView {
  const price = (value: number): DecimalText => roundToTick(fromNumber(value), tickSize);
  return { bid: price(bid), ask: price(ask), last: price(last), at };
}
