/**
 * The desk of a backtest: takes a strategy's wishes, fills them by the paper venue's rules and books what comes of it. Invariants: an
 * order never fills before it is due, an exit rests from the tick after its entry on, and each closed entry is one trade.
 */
import type { ExitReason } from '../../domain/run.ts';
import { priceOf } from '../../market/columns.ts';
import { limitFillsAt, limitIsMet, slippedFrom, stopIsReached } from '../../market/fill-rules.ts';
import { asPrice } from '../../strategies/prices.ts';
import type { Desk, Entry, Strategy, Tick } from '../../strategies/strategy.ts';
import { Holdings, type Lot } from './holdings.ts';
import { Closing, pointsOf, type RunLog } from './log.ts';
import { asMoney } from './money.ts';
import { closeOpposed, DUST, heaviest, partOf } from './opposing.ts';
import { Tally } from './tally.ts';
import type { Terms } from './terms.ts';

/** An entry, or the layer to close. */
interface Order {
  readonly entry: Entry | null;
  readonly layer: number;
  /** From when on it may fill; NOT_ACCEPTED until the engine has taken it over. */
  dueAt: number;
}

const NOT_ACCEPTED = 1e300;
const OUT_OF_REACH = 1e300;

export class Book implements Desk {
  openEntries = 0;
  closedNow = false;
  /** How many orders are on their way, and when the first is due. */
  queued = 0;
  nextDueAt = NOT_ACCEPTED;
  readonly holdings: Holdings;
  readonly tally = new Tally();
  private orders: Order[] = [];
  private closedAt = 0.5;
  readonly #terms: Terms;
  readonly #log: RunLog;
  readonly #strategy: Strategy;
  readonly #closing = new Closing();

  constructor(balance: number, terms: Terms, log: RunLog, strategy: Strategy) {
    this.holdings = new Holdings(balance, terms.multiplier);
    this.#terms = terms;
    this.#log = log;
    this.#strategy = strategy;
  }

  enter(entry: Entry): void {
    this.openEntries += 1;
    this.queue({ entry, layer: entry.layer, dueAt: NOT_ACCEPTED });
  }

  exit(layer: number): void {
    this.queue({ entry: null, layer, dueAt: NOT_ACCEPTED });
  }

  /** Takes over what this tick's step wanted; each order may fill `latencyMs` later, at once for 0. */
  accept(now: Tick, latencyMs: number): void {
    this.postpone(now, latencyMs);
    if (this.nextDueAt <= now.at) this.fillDue(now);
  }

  /** The same where this step's own price can't fill anything any more. */
  postpone(now: Tick, latencyMs: number): void {
    const { orders } = this;
    for (let index = 0; index < orders.length; index += 1) {
      const order = orders[index]!;
      if (order.dueAt !== NOT_ACCEPTED) continue;
      order.dueAt = now.at + latencyMs;
      const { entry } = order;
      if (entry)
        this.#log.signal(now.at, entry.direction, entry.layer, this.asPrice(entry.direction > 0 ? now.ask : now.bid));
    }
    this.nextDueAt = orders.length > 0 ? orders[0]!.dueAt : NOT_ACCEPTED;
  }

  /** Gives away what this step wanted, for orders that fill elsewhere: entries, and layers to close. */
  takeWishes(): readonly { readonly entry: Entry | null; readonly layer: number }[] {
    const wishes = this.orders;
    this.orders = [];
    this.queued = 0;
    return wishes;
  }

  /** Fills what is due, in the order in which it was wanted. */
  fillDue(now: Tick): void {
    const { orders } = this;
    let due = 0;
    for (; due < orders.length && orders[due]!.dueAt <= now.at; due += 1) {
      const { entry, layer } = orders[due]!;
      if (entry) this.open(entry, now);
      else this.closeLayer(layer, now, 'strategy');
    }
    // Moved down one by one: an array that is cut or emptied has to be given memory again for the next wish.
    this.queued = orders.length - due;
    for (let index = 0; index < this.queued; index += 1) orders[index] = orders[index + due]!;
    while (orders.length > this.queued) orders.pop();
    this.nextDueAt = this.queued > 0 ? orders[0]!.dueAt : NOT_ACCEPTED;
  }

  /** Matches the resting exits of all lots against one tick: the stop first, as it is the worse of the two. */
  matchExits(now: Tick): void {
    for (const lot of [...this.holdings.lots]) {
      const buys = lot.entry.direction < 0;
      const opposite = buys ? now.ask : now.bid;
      if (stopIsReached(buys, opposite - lot.stop)) this.close(lot, now.at, this.marketPrice(buys, opposite), 'stop');
      else if (limitIsMet(buys, lot.target - opposite))
        this.close(lot, now.at, limitFillsAt(false, opposite, lot.target), 'target');
    }
  }

  /** The same against a bar of which only the range is known: a stop beyond the open fills at the open, else at its own price. */
  matchExitsInBar(at: number, open: number, low: number, high: number): void {
    for (const lot of [...this.holdings.lots]) {
      const buys = lot.entry.direction < 0;
      const side = priceOf(buys ? this.#terms.halfSpreadUnits : -this.#terms.halfSpreadUnits);
      const worst = this.asPrice((buys ? high : low) + side);
      const best = this.asPrice((buys ? low : high) + side);
      if (stopIsReached(buys, worst - lot.stop)) {
        const opened = this.asPrice(open + side);
        const reached = stopIsReached(buys, opened - lot.stop) ? opened : lot.stop;
        this.close(lot, at, this.marketPrice(buys, reached), 'stop');
      } else if (limitIsMet(buys, lot.target - best)) this.close(lot, at, lot.target, 'target');
    }
  }

  /** Everything that is still open closes here, and what is on its way is forgotten. */
  closeAll(now: Tick): void {
    this.openEntries -= this.orders.filter(({ entry }) => entry !== null).length;
    this.orders = [];
    this.queued = 0;
    // What layers hold against each other no account holds: as in a live run the market is met with the rest, and that closes inside.
    for (let next = heaviest(this.holdings.lots); next.lots.length > 0; next = heaviest(this.holdings.lots))
      this.closeUnits(next.lots, next.units, now);
    closeOpposed(this, now, now.at);
    this.holdings.mark(now);
  }

  /** The tick that closed something has ended: its one point of equity, no earlier than `from`. */
  settle(from?: number): void {
    this.closedNow = false;
    const at = from === undefined ? this.closedAt : Math.max(from, this.closedAt);
    this.#log.point(at, this.holdings.balance);
  }

  private queue(order: Order): void {
    // Not pushed: that stays a call in compiled code.
    this.orders[this.queued] = order;
    this.queued = this.orders.length;
  }

  /** A side of the market as the decimal it means. */
  private asPrice(side: number): number {
    return this.#terms.isExact ? side : asPrice(side);
  }

  private marketPrice(buys: boolean, opposite: number): number {
    const { slippage, tickSize, isExact } = this.#terms;
    return isExact && opposite >= tickSize ? opposite : asPrice(slippedFrom(buys, opposite, slippage, tickSize));
  }

  private open(entry: Entry, { at, bid, ask }: Tick): void {
    const { direction, units } = entry;
    const price = this.marketPrice(direction > 0, direction > 0 ? ask : bid);
    this.hold(entry, at, price, this.commissionOf(units, price));
  }

  /** An entry has filled at this price. */
  hold(entry: Entry, at: number, price: number, commission: number): void {
    const { direction, units, layer, stopDistance, targetDistance } = entry;
    this.tally.turnover += units * price * this.#terms.multiplier;
    if (commission !== 0) this.charge(commission);
    const stop = stopDistance === undefined ? -OUT_OF_REACH * direction : asPrice(price - direction * stopDistance);
    const target =
      targetDistance === undefined ? OUT_OF_REACH * direction : asPrice(price + direction * targetDistance);
    this.holdings.add({ entry, at, price, commission, stop, target, low: price, high: price });
    this.#log.opened(at, direction, layer, units, price);
    this.#strategy.entered?.(entry, price);
  }

  private closeLayer(layer: number, now: Tick, reason: ExitReason): void {
    const { lots } = this.holdings;
    let index = 0;
    while (index < lots.length) {
      const lot = lots[index]!;
      if (lot.entry.layer !== layer) index += 1;
      else this.closeAtMarket(lot, now, reason);
    }
  }

  private closeUnits(lots: readonly Lot[], units: number, now: Tick): void {
    let left = units;
    for (const lot of lots) {
      if (left <= DUST) return;
      const part = partOf(this, lot, left);
      left -= part.entry.units;
      this.closeAtMarket(part, now, 'end');
    }
  }

  private closeAtMarket(lot: Lot, { at, bid, ask }: Tick, reason: ExitReason): void {
    const buys = lot.entry.direction < 0;
    this.close(lot, at, this.marketPrice(buys, buys ? ask : bid), reason);
  }

  private close(lot: Lot, at: number, price: number, reason: ExitReason): void {
    this.release(lot, at, price, reason, this.commissionOf(lot.entry.units, price));
  }

  /** A held entry has closed at this price; `paid` is the commission of its exit. */
  release(lot: Lot, at: number, price: number, reason: ExitReason, paid: number): void {
    const { holdings } = this;
    const { direction, units, layer } = lot.entry;
    holdings.remove(lot, at);
    this.openEntries -= 1;
    const points = pointsOf(lot.price, price, direction);
    const gross = points * units * this.#terms.multiplier;
    holdings.balance = asMoney(holdings.balance + gross);
    this.tally.turnover += units * price * this.#terms.multiplier;
    if (paid !== 0) this.charge(paid);
    const commission = asMoney(lot.commission + paid);
    const pnl = asMoney(gross - commission);
    this.tally.count(pnl);
    const closing = this.#closing;
    closing.at = at;
    closing.price = price;
    closing.pnl = pnl;
    closing.commission = commission;
    closing.reason = reason;
    this.#log.closed(lot, closing);
    this.closedNow = true;
    this.closedAt = at;
    if (this.#strategy.exited && !this.holds(layer)) this.#strategy.exited(layer);
  }

  /** A held entry is there no more, and nobody knows at which price it closed. */
  drop(lot: Lot, at: number): void {
    this.holdings.remove(lot, at);
    this.openEntries -= 1;
    if (this.#strategy.exited && !this.holds(lot.entry.layer)) this.#strategy.exited(lot.entry.layer);
  }

  private holds(layer: number): boolean {
    return this.holdings.lots.some(({ entry }) => entry.layer === layer);
  }

  private commissionOf(units: number, price: number): number {
    return this.#terms.isCharged ? this.#terms.commissionOf(units, price) : 0;
  }

  private charge(commission: number): void {
    this.tally.commission += commission;
    this.holdings.balance = asMoney(this.holdings.balance - commission);
  }
}
