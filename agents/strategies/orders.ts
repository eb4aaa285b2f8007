/**
 * Orders of a live run: one under way at a time, each id used once and made of run and count, so that a restart never asks for the same
 * twice. Exits are tried until they fill, for three days and longer than any weekend, or until the account has not held for a while what
 * they would close; an entry that was refused is not tried again for a while.
 */
import { type DecimalText, fromNumber, isPositive } from '../../domain/decimal.ts';
import type { Denial } from '../../domain/denial.ts';
import { downToStep, roundToTick } from '../../domain/money.ts';
import type { Side } from '../../domain/order.ts';
import { ENTRY_PATIENCE_MS } from '../../domain/run.ts';
import type { OrderCancel, OrderEnded, OrderFilled, OrderGet, OrderSubmit } from '../../messages/order.ts';
import type { LiveRun } from '../../runs/live/live-run.ts';
import type { Exit, Wish } from '../../runs/live/wish.ts';
import { after, cancelAfter, type Emit } from '../../runtime/logic.ts';
import { closing } from './phases.ts';
import { instrumentOf, type LiveState, linesOf, traderOf, type Working } from './state.ts';

/** After a refusal; a halt or a limit does not go away with the next tick. */
const ENTRY_PAUSE_MS = 30_000;
const EXIT_PAUSE_MS = 5_000;
/** After a minute of refusals it is no passing fault any more: then once a minute, for some 75 hours. */
const QUICK_EXITS = 12;
const SLOW_EXIT_PAUSE_MS = 60_000;
export const EXIT_REFUSALS_MAX = 4_500;
/** Other orders on the account come and go; what it has not held at so many looks in a row somebody else has closed. */
const UNHELD_MAX = 6;
const CHECK_MS = 60_000;
const UNITS_PLACES = 8;
/** Lines that nobody has collected: beyond them nothing is entered, so that what is said in vain has a bound. Exits go on. */
export const UNHEARD_MAX = 2_000;

const PREFIX = 'trade-run-';
const orderIdOf = (executionId: number, count: number): string => `${PREFIX}${executionId}-${count}`;
/** The run that an order belongs to; undefined for everybody else's. */
export const executionOf = (orderId: string): string | undefined => /^trade-run-(\d+)-\d+$/.exec(orderId)?.[1];

const sideOf = (wish: Wish): Side =>
  (wish.kind === 'entry' ? wish.entry.direction : -wish.direction) > 0 ? 'buy' : 'sell';
const unitsOf = (wish: Wish): number => (wish.kind === 'entry' ? wish.entry.units : wish.units);

/**
 * An entry in whole steps of its market, never more than was asked for; one of less than a step goes as it is, and is refused with the reason.
 * An exit is for what is held.
 */
function quantityOf(wish: Wish, quantityStep: DecimalText): DecimalText {
  const asked = fromNumber(Number(unitsOf(wish).toFixed(UNITS_PLACES)));
  const whole = wish.kind === 'entry' ? downToStep(asked, quantityStep) : asked;
  return isPositive(whole) ? whole : asked;
}

/** Asks for what the run wants now, if nothing is under way. */
export function order(state: LiveState, run: LiveRun, at: number, emit: Emit): LiveState {
  const { last } = run;
  if (state.working || !last) return state;
  const isHeard = linesOf(state.said) + run.untaken <= UNHEARD_MAX;
  const mayEnter = state.phase === 'running' && at >= state.entriesFrom && isHeard;
  const exitUnitsMax = state.exitUnitsMax ?? Infinity;
  const wish = run.next({ mayEnter, mayExit: at >= state.exitsFrom, exitUnitsMax, at });
  if (!wish) return state;
  const { symbol, tickSize, quantityStep } = instrumentOf(state);
  const price = (value: number) => roundToTick(fromNumber(value), tickSize);
  const side = sideOf(wish);
  const orders = state.orders + 1;
  const orderId = orderIdOf(state.executionId, orders);
  const command: OrderSubmit = {
    type: 'order.submit',
    ticket: {
      ...{ orderId, traderId: traderOf(state), accountId: state.accountId, userId: state.task.userId, symbol, side },
      quantity: quantityOf(wish, quantityStep),
      price: price(side === 'buy' ? last.ask : last.bid),
      ...{ orderType: 'market', timeInForce: 'IOC', surface: 'run' },
      exit: wish.kind === 'exit' && wish.reduces,
      ...(state.actor !== undefined && { submittedBy: state.actor }),
    },
    quote: { bid: price(last.bid), ask: price(last.ask), last: price(last.price), at: last.at },
  };
  emit(command);
  emit(after('order-check', CHECK_MS, { type: 'resumed' }));
  const working: Working = { orderId, wish, since: at, units: 0, cost: 0, commission: 0, canceling: false };
  return { ...state, orders, working };
}

/**
 * An entry that nobody wants any more is cancelled, once until it is heard of again; so is one that an exit has to wait for, and a layer's
 * exit that is none to the gates (it may wait for a person, or in a halt) when everything is to be closed: that needs no such order.
 */
export function patience(state: LiveState, run: LiveRun, at: number, emit: Emit): LiveState {
  const { working, phase } = state;
  if (!working || working.canceling) return state;
  const { wish, since } = working;
  if (wish.kind === 'exit' && (wish.reduces || !run.leavesAll)) return state;
  const reason = wish.kind === 'exit' ? 'everything is closed now' : whyCancel(phase, run.wantsExit, at - since);
  if (reason === undefined) return state;
  const cancel: OrderCancel = { type: 'order.cancel', orderId: working.orderId, by: state.task.userId, reason };
  emit(cancel);
  return { ...state, working: { ...working, canceling: true } };
}

function whyCancel(phase: LiveState['phase'], wantsExit: boolean, waitedMs: number): string | undefined {
  if (phase !== 'running') return `the run is ${phase}`;
  if (wantsExit) return 'an exit comes first';
  return waitedMs >= ENTRY_PATIENCE_MS ? 'it has waited too long' : undefined;
}

const withFill = (working: Working, { quantity, price, commission }: OrderFilled): Working => ({
  ...working,
  units: working.units + Number(quantity),
  cost: working.cost + Number(quantity) * Number(price),
  commission: working.commission + Number(commission),
});

const filledOf = ({ units, cost, commission }: Working) => ({
  ...{ units, commission },
  price: units > 0 ? Number((cost / units).toPrecision(12)) : 0,
});

export function filled(state: LiveState, run: LiveRun, fill: OrderFilled, at: number, emit: Emit): LiveState {
  const { working, before } = state;
  if (working?.orderId === fill.orderId) {
    const present = withFill(working, fill);
    return fill.end ? over({ ...state, working: present }, run, at, emit) : { ...state, working: present };
  }
  if (before?.orderId === fill.orderId && state.phase !== 'ended') {
    const late = withFill({ ...before, units: 0, cost: 0, commission: 0 }, fill);
    run.filledLate(before.wish, filledOf(late), at);
  } else run.failed(`Order ${fill.orderId} filled ${fill.quantity} after its end, which this run does not follow`, at);
  return state;
}

/** The order under way has come to its end: what was filled is booked, and the strategy hears of it. */
function over(state: LiveState, run: LiveRun, at: number, emit: Emit): LiveState {
  const { working } = state;
  if (!working) return state;
  emit(cancelAfter('order-check'));
  run.ended(working.wish, filledOf(working), at);
  const progress = working.units > 0 ? { unheld: 0, refusals: 0 } : {};
  return { ...state, ...progress, working: null, before: working, exitUnitsMax: null };
}

export function ended(state: LiveState, run: LiveRun, end: OrderEnded, at: number, emit: Emit): LiveState {
  const { working } = state;
  if (working?.orderId !== end.orderId) return state;
  const { wish } = working;
  const isEntry = wish.kind === 'entry';
  const why = end.denial?.explanation ?? end.reason ?? '';
  if (working.units === 0 || !isEntry)
    run.failed(`${isEntry ? 'Entry' : 'Exit'} of ${unitsOf(wish)} was ${end.end}. ${why}`.trim(), at);
  // What made room for an exit by the run's own wish was not refused: what it wants instead may follow at once.
  const madeRoom = working.canceling && run.wantsExit;
  const free = over(state, run, at, emit);
  if (madeRoom) return free;
  if (isEntry) return { ...free, entriesFrom: at + ENTRY_PAUSE_MS };
  const { denial } = end;
  if (denial?.code === 'NOT_AN_EXIT') return notAnExit(free, run, wish, denial, at);
  return refused(free, run, why, at);
}

/**
 * Tried again later, slower after a while. What nobody has let out for three days stays on the account: a run that asked for ever would
 * look as if it still watched it. It fails, and says what a person has to close.
 */
function refused(state: LiveState, run: LiveRun, why: string, at: number): LiveState {
  const refusals = state.refusals + 1;
  const pauseMs = refusals < QUICK_EXITS ? EXIT_PAUSE_MS : SLOW_EXIT_PAUSE_MS;
  if (refusals < EXIT_REFUSALS_MAX) return { ...state, refusals, exitsFrom: at + pauseMs };
  const { symbol } = state.task;
  const left = `${run.letGoAll(at)} units of ${symbol} stay on account ${state.accountId}, and this run closes them no more`;
  const reason = `${refusals} exits in a row were refused: ${left}. ${why}`.trim();
  run.failed(reason, at);
  return closing({ ...state, refusals: 0 }, run, 'failed', reason);
}

/**
 * As much as the account can close is closed at once. Where it holds the rest, orders of others stand before it, and it is tried on. Where
 * not, somebody else has closed it, or trades the other way: it is never sold as something else than an exit, which would open what nobody
 * wants; after some looks it is let go, and the run ends.
 */
function notAnExit(
  state: LiveState,
  run: LiveRun,
  wish: Exit,
  { numbers, explanation }: Denial,
  at: number,
): LiveState {
  const isHeld = Number(numbers.position ?? 0) * wish.direction >= wish.units;
  const unheld = isHeld ? 0 : state.unheld + 1;
  const closable = Number(numbers.closable ?? 0);
  if (unheld < UNHELD_MAX && closable > 0) return { ...state, unheld, exitUnitsMax: closable, exitsFrom: at };
  if (isHeld) return refused({ ...state, unheld }, run, explanation, at);
  if (unheld < UNHELD_MAX) return { ...state, unheld, exitsFrom: at + EXIT_PAUSE_MS };
  const reason = `the account does not hold ${run.letGo(wish, at)} units of this run, which are let go. ${explanation}`;
  run.failed(reason, at);
  return closing({ ...state, unheld: 0 }, run, 'failed', reason);
}

/** Nobody knows the order: it was lost on its way, before anything happened. */
export function lost(state: LiveState, run: LiveRun, orderId: string, at: number, emit: Emit): LiveState {
  return state.working?.orderId === orderId ? over(state, run, at, emit) : state;
}

/** It goes on although it was cancelled: the cancel was lost on its way, and is said again. */
export function stillThere(state: LiveState, orderId: string): LiveState {
  const { working } = state;
  if (working?.orderId !== orderId || !working.canceling) return state;
  return { ...state, working: { ...working, canceling: false } };
}

export function askAfter({ working }: LiveState, emit: Emit): void {
  if (!working) return;
  const ask: OrderGet = { type: 'order.get', orderId: working.orderId, wait: false };
  emit(ask);
  emit(after('order-check', CHECK_MS, { type: 'resumed' }));
}
