/**
 * A strategy live: sees each tick, says which order it wants next, hears what became of it. Pure but for its own fields, which are a
 * checkpoint. Invariants: an exit is wanted until it has filled, and nothing is entered while one is.
 */
import type { ExitReason } from '../../domain/run.ts';
import { limitIsMet, stopIsReached } from '../../market/fill-rules.ts';
import { type Memory, recall, remember } from '../../strategies/memory.ts';
import type { Direction, Entry, Strategy } from '../../strategies/strategy.ts';
import { Book } from '../engine/book.ts';
import { type CrossWatch, watchOf } from '../engine/cross-watch.ts';
import type { Lot } from '../engine/holdings.ts';
import { RunLog, type RunPart } from '../engine/log.ts';
import { closeOpposed, DUST, netOf, partOf } from '../engine/opposing.ts';
import { Present, showVolumes } from '../engine/present.ts';
import type { RunPlan } from '../engine/run.ts';
import { LiveBar } from './live-bar.ts';
import type { Exit, Filled, Leave, Wish } from './wish.ts';

export interface LivePlan extends RunPlan {
  /** Of the bars that a strategy over bars is given; ignored by one over ticks. */
  readonly timeframeMs: number;
}

export interface LiveTick {
  /** Market time, epoch milliseconds. */
  readonly at: number;
  readonly bid: number;
  readonly ask: number;
  /** Of the print, or the mid where there is no print. */
  readonly price: number;
  /** 0 where there is none. */
  readonly volume: number;
}

export class LiveRun {
  processed = 0;
  isFinished = false;
  readonly startBalance: number;
  readonly book: Book;
  private readonly log = new RunLog();
  private readonly strategy: Strategy;
  private readonly watch: CrossWatch | undefined;
  private readonly now = new Present();
  private readonly bar = new LiveBar();
  /** Entries that wait for an exit before them. */
  private entries: Entry[] = [];
  /** The entry that was asked for last. `isLeft`: its layer was to be closed since, so that whatever of it fills is closed at once. */
  private asked: { readonly entry: Entry; readonly isLeft: boolean } | null = null;
  readonly #plan: LivePlan;

  /** Throws a ZodError for parameters out of their bounds. */
  constructor(plan: LivePlan) {
    this.#plan = plan;
    this.startBalance = plan.strategy.balanceOf(plan.parameters);
    this.strategy = plan.strategy.open(plan.parameters, plan.terms);
    this.watch = watchOf(this.strategy);
    this.book = new Book(this.startBalance, plan.terms, this.log, this.strategy);
  }

  /** Goes on from a checkpoint of a run with the same plan. Throws where it is of another version. */
  static resume(plan: LivePlan, memory: Memory): LiveRun {
    const run = new LiveRun(plan);
    recall(run, memory);
    return run;
  }

  /** One tick. `steps`: the strategy sees it, or the bar it is given; exits that rest are watched in any case. */
  tick({ at, bid, ask, price, volume }: LiveTick, steps: boolean): void {
    const { book, now } = this;
    if (this.processed === 0) this.log.point(at, this.startBalance);
    if (at >= book.holdings.dayEnds) book.holdings.rollDay(at, now);
    if (book.closedNow) book.settle();
    now.at = at;
    now.bid = bid;
    now.ask = ask;
    now.price = price;
    showVolumes(now, Float64Array.of(volume));
    this.watchExits();
    if (steps) this.step();
    book.holdings.mark(now);
    this.processed += 1;
  }

  /** The order that is wanted now, if there is one; the caller has no other order of this run under way. */
  next({ mayEnter, mayExit, exitUnitsMax, at: asked = 0 }: Leave): Wish | undefined {
    if (!mayEnter) this.missAll();
    if (this.leavesAll && this.net === 0) this.closeInside(asked);
    const closing = this.firstClosing();
    if (closing) return mayExit ? this.exitOf(closing, exitUnitsMax) : undefined;
    const entry = this.entries.shift();
    if (!entry) return undefined;
    this.asked = { entry, isLeft: false };
    const { at, ask, bid } = this.now;
    this.log.signal(at, entry.direction, entry.layer, entry.direction > 0 ? ask : bid);
    return { kind: 'entry', entry };
  }

  /** The order has ended with so much filled. */
  ended(wish: Wish, { units, price, commission }: Filled, at: number): void {
    if (wish.kind === 'exit') this.closeLots(wish, { units, price, commission }, at);
    else if (units > DUST) this.hold({ ...wish.entry, units }, at, price, commission);
    else this.miss(wish.entry);
    // Worth is looked at once more on the tick that an order has filled on, as in a backtest.
    if (this.processed > 0) this.book.holdings.mark(this.now);
  }

  /** A fill that was told after the order's end had been. */
  filledLate(wish: Wish, filled: Filled, at: number): void {
    if (wish.kind === 'entry') this.book.openEntries += 1;
    this.ended(wish, filled, at);
  }

  /** Everything that is held is to be closed. */
  closeAll(reason: ExitReason): void {
    for (const lot of this.book.holdings.lots) this.wantExit(lot, reason);
    this.missAll();
  }

  /** What it wanted to enter, in one layer or in all, and nobody has asked for yet is forgotten. */
  missAll(layer?: number): void {
    const { entries } = this;
    this.entries = layer === undefined ? [] : entries.filter((entry) => entry.layer !== layer);
    for (const entry of entries) if (layer === undefined || entry.layer === layer) this.miss(entry);
  }

  /** What an exit was to close was closed by somebody else, nobody knows at which price: no trade is made of it. Gives its units. */
  letGo({ layer, direction }: Exit, at: number): number {
    const units = this.unitsToClose(layer, direction);
    let left = units;
    for (const lot of this.book.holdings.lots.filter((each) => isIn(each, layer, direction))) {
      if (left <= DUST) break;
      const part = partOf(this.book, lot, left);
      this.book.drop(part, at);
      left -= part.entry.units;
    }
    return units;
  }

  /** Everything that it holds stays where it is, and this run follows it no more. Gives its units. */
  letGoAll(at: number): number {
    const { lots } = this.book.holdings;
    const units = lots.reduce((sum, { entry }) => sum + entry.units, 0);
    for (const lot of [...lots]) this.book.drop(lot, at);
    return units;
  }

  failed(message: string, at: number): void {
    this.log.told(at, { type: 'error_occurred', message });
  }

  finish(at: number): void {
    const { book } = this;
    if (this.isFinished) throw new Error('Invariant: a run ends once');
    this.isFinished = true;
    if (this.processed === 0) return;
    if (book.closedNow) book.settle(at);
    else if (this.processed > 1) this.log.point(at, book.holdings.balance);
    book.holdings.endSpell(at);
    book.holdings.endDay(this.now);
  }

  /** Something has to be closed: what is held, or the entry that was asked for last once it fills. */
  get wantsExit(): boolean {
    return this.firstClosing() !== undefined || this.asked?.isLeft === true;
  }

  /** Everything that it holds is to be closed. */
  get leavesAll(): boolean {
    const { lots } = this.book.holdings;
    return lots.length > 0 && lots.every(({ closing }) => closing !== undefined);
  }

  get isFlat(): boolean {
    return this.book.holdings.lots.length === 0;
  }

  /** Of the last tick; undefined before the first. */
  get last(): { readonly at: number; readonly bid: number; readonly ask: number; readonly price: number } | undefined {
    return this.processed === 0 ? undefined : this.now;
  }

  get equity(): number {
    return this.processed === 0 ? this.startBalance : this.book.holdings.equityAt(this.now);
  }

  get untaken(): number {
    return this.log.length;
  }

  take(): RunPart {
    return this.log.take();
  }

  /** The whole state as plain JSON; what was said has to be taken before. */
  checkpoint(): Memory {
    if (this.log.length > 0) throw new Error('Invariant: a run is asked for its log before its checkpoint');
    return remember(this);
  }

  private step(): void {
    const { strategy, book, now, bar } = this;
    if (strategy.input === 'ticks') strategy.tick(now, book);
    else if (bar.take(now, this.#plan.timeframeMs) && this.watch?.hears(bar.closed.close) !== 0)
      strategy.bar(bar.closed, book, this.watch?.cued ?? 0);
    for (const { entry, layer } of book.takeWishes()) {
      if (entry) this.entries.push(entry);
      else this.leave(layer);
    }
  }

  /** Everything of a layer is to be closed: what is held, what is on its way in, and what has not been asked for yet. */
  private leave(layer: number): void {
    this.missAll(layer);
    if (this.asked?.entry.layer === layer) this.asked = { ...this.asked, isLeft: true };
    for (const lot of this.book.holdings.lots) if (lot.entry.layer === layer) this.wantExit(lot, 'strategy');
  }

  private hold(entry: Entry, at: number, price: number, commission: number): void {
    const { book, asked } = this;
    book.hold(entry, at, price, commission);
    const lot = book.holdings.lots.at(-1);
    if (lot && asked?.isLeft && asked.entry.layer === entry.layer) this.wantExit(lot, 'strategy');
  }

  /** The stop first, as it is the worse of the two. */
  private watchExits(): void {
    for (const lot of this.book.holdings.lots) {
      if (lot.closing !== undefined) continue;
      const buys = lot.entry.direction < 0;
      const opposite = buys ? this.now.ask : this.now.bid;
      if (stopIsReached(buys, opposite - lot.stop)) this.wantExit(lot, 'stop');
      else if (limitIsMet(buys, lot.target - opposite)) this.wantExit(lot, 'target');
    }
  }

  /** Exits are asked for in the order in which they were wanted: several layers may close on one tick, the newest first. */
  private wantExit(lot: Lot, reason: ExitReason): void {
    if (lot.closing !== undefined) return;
    const ranks = this.book.holdings.lots.map(({ closingRank = 0 }) => closingRank);
    lot.closing = reason;
    lot.closingRank = Math.max(0, ...ranks) + 1;
  }

  private get net(): number {
    return netOf(this.book.holdings.lots);
  }

  /** Where everything is to be closed, what the account holds comes first: the rest closes inside this run once that is gone. */
  private firstClosing(): Lot | undefined {
    const held = this.leavesAll ? this.net : 0;
    let first: Lot | undefined;
    for (const lot of this.book.holdings.lots) {
      if (lot.closing === undefined || held * lot.entry.direction < 0) continue;
      if ((lot.closingRank ?? 0) < (first?.closingRank ?? Infinity)) first = lot;
    }
    return first;
  }

  private exitOf({ entry: { layer, direction }, closing: reason = 'strategy' }: Lot, unitsMax = Infinity): Wish {
    const units = Math.min(this.unitsToClose(layer, direction), unitsMax);
    return { kind: 'exit', layer, direction, units, reason, reduces: this.net * direction + DUST >= units };
  }

  /** Of a layer: everything that is to be closed, and no more than the account holds of it where all layers are. */
  private unitsToClose(layer: number, direction: Direction): number {
    const { lots } = this.book.holdings;
    const held = lots.reduce((sum, lot) => (isIn(lot, layer, direction) ? sum + lot.entry.units : sum), 0);
    return this.leavesAll ? Math.min(held, Math.max(0, this.net * direction)) : held;
  }

  private closeInside(asked: number): void {
    const { book, now } = this;
    closeOpposed(book, now, Math.max(asked, now.at));
    book.holdings.mark(now);
  }

  private closeLots(wish: Exit, { units, price, commission }: Filled, at: number): void {
    let left = units;
    for (const lot of [...this.book.holdings.lots]) {
      if (left <= DUST) break;
      if (!isIn(lot, wish.layer, wish.direction)) continue;
      const part = partOf(this.book, lot, left);
      this.book.release(part, at, price, lot.closing ?? wish.reason, (commission * part.entry.units) / units);
      left -= part.entry.units;
    }
    // Of an exit that was filled late and one in its stead: what is beyond is on the account, and nobody here closes it.
    const beyond = Number(left.toFixed(8));
    if (beyond > 0) this.failed(`${beyond} units more were closed than this run held, which it does not follow`, at);
  }

  private miss(entry: Entry): void {
    this.book.openEntries -= 1;
    this.strategy.missed?.(entry);
  }
}

const isIn = ({ entry, closing }: Lot, layer: number, direction: Direction): boolean =>
  closing !== undefined && entry.layer === layer && entry.direction === direction;
