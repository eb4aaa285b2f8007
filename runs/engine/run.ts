/**
 * One backtest: a strategy and its book over the rows that it is given, in slices of any size. Invariants: the same rows give the same
 * log, however they are cut; a run that goes on from a checkpoint says exactly what the undisturbed one would have said.
 */
import type { RunStatus } from '../../domain/run.ts';
import { type BarColumns, priceOf, type TickColumns } from '../../market/columns.ts';
import { type Memory, recall, remember } from '../../strategies/memory.ts';
import type { Strategy, StrategyDefinition } from '../../strategies/strategy.ts';
import { advanceBars } from './bars.ts';
import { Book } from './book.ts';
import { type CrossWatch, watchOf } from './cross-watch.ts';
import { RunLog, type RunPart } from './log.ts';
import { Present } from './present.ts';
import type { Terms } from './terms.ts';
import { advanceTicks } from './ticks.ts';

/** Bumped when a checkpoint of before can't be read any more. */
const CHECKPOINT_VERSION = 4;

export interface RunPlan {
  readonly strategy: StrategyDefinition;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly terms: Terms;
  /** Instead of the parameters' own. */
  readonly balance?: number;
}

/** Plain JSON. */
export interface RunCheckpoint {
  readonly version: number;
  readonly strategy: string;
  readonly processed: number;
  readonly memory: Memory;
}

export class Run {
  /** Rows taken so far: where the next one is found in the whole series. */
  processed = 0;
  readonly startBalance: number;
  readonly book: Book;
  private readonly log = new RunLog();
  private readonly strategy: Strategy;
  private readonly watch: CrossWatch | undefined;
  private readonly now = new Present();
  isFinished = false;
  private firstAt = -1e300;
  /** The last moment at which an order could fill, and its prices. */
  private readonly last = new Present();
  readonly #plan: RunPlan;

  /** Throws a ZodError for parameters out of their bounds. */
  constructor(plan: RunPlan) {
    const { strategy, parameters, terms } = plan;
    this.#plan = plan;
    this.startBalance = plan.balance ?? strategy.balanceOf(parameters);
    this.strategy = strategy.open(parameters, terms);
    this.watch = watchOf(this.strategy);
    this.book = new Book(this.startBalance, terms, this.log, this.strategy);
  }

  /** Goes on from a checkpoint of a run with the same plan. Throws where it is of another strategy or version. */
  static resume(plan: RunPlan, checkpoint: RunCheckpoint): Run {
    if (checkpoint.version !== CHECKPOINT_VERSION || checkpoint.strategy !== plan.strategy.name)
      throw new Error(`a checkpoint of ${checkpoint.strategy} version ${checkpoint.version} can't be read here`);
    const run = new Run(plan);
    recall(run, checkpoint.memory);
    return run;
  }

  /** Takes rows of the series in their order; the caller finds them by `processed`. Throws where the input isn't the strategy's. */
  advance(columns: TickColumns | BarColumns, from = 0, to = columns.length): void {
    if (from >= to) return;
    const { strategy, book, watch } = this;
    const { terms } = this.#plan;
    if (strategy.input === 'ticks' && 'atMs' in columns) {
      if (this.processed === 0) this.begin(columns.atMs[from]!);
      const fillsAtPrice = this.#plan.strategy.fillsAt === 'price';
      advanceTicks({ book, strategy, terms, now: this.now, fillsAtPrice }, columns, from, to);
      this.stand(columns.atMs[to - 1]!, this.now.bid, this.now.ask);
    } else if (strategy.input === 'bars' && 'startMs' in columns) {
      if (this.processed === 0) this.begin(columns.startMs[from]!);
      advanceBars({ book, strategy, terms, now: this.now, watch }, columns, from, to);
      const open = columns.open[to - 1]!;
      const { halfSpreadUnits } = terms;
      this.stand(columns.startMs[to - 1]!, priceOf(open - halfSpreadUnits), priceOf(open + halfSpreadUnits));
    } else throw new RangeError(`${this.#plan.strategy.name} is run over ${strategy.input}`);
    this.processed += to - from;
  }

  /** After the last row: what is open closes where the last fill was possible, and the equity curve gets its last point. */
  finish(): void {
    const { book, last } = this;
    if (this.isFinished) throw new Error('Invariant: a run ends once');
    this.isFinished = true;
    if (this.processed === 0) return;
    book.closeAll(last);
    book.holdings.endSpell(last.at);
    if (book.closedNow) book.settle(last.at);
    else if (this.processed > 1) this.log.point(last.at, book.holdings.balance);
    book.holdings.endDay(this.now);
  }

  statusChanged(from: RunStatus, to: RunStatus, at = Math.max(this.last.at, 0)): void {
    this.log.told(at, { type: 'status_changed', from, to });
  }

  failed(message: string): void {
    this.log.told(Math.max(this.last.at, 0), { type: 'error_occurred', message });
  }

  /** Lines that have been said since the last taking. */
  get untaken(): number {
    return this.log.length;
  }

  /** What has been said since the last taking. */
  take(): RunPart {
    return this.log.take();
  }

  /** The whole state; what was said has to be taken before, because it is not in here. */
  checkpoint(): RunCheckpoint {
    if (this.log.length > 0) throw new Error('Invariant: a run is asked for its log before its checkpoint');
    const { processed } = this;
    return { version: CHECKPOINT_VERSION, strategy: this.#plan.strategy.name, processed, memory: remember(this) };
  }

  /** Balance and open profit at the last row. */
  get equity(): number {
    return this.book.holdings.equityAt(this.now);
  }

  /** First and last market time, epoch milliseconds; undefined before the first row. */
  get span(): { readonly firstAt: number; readonly lastAt: number } | undefined {
    return this.processed === 0 ? undefined : { firstAt: this.firstAt, lastAt: this.last.at };
  }

  private begin(at: number): void {
    this.firstAt = at;
    this.log.point(at, this.startBalance);
  }

  /** Where everything would close if the series ended here: at the last price at which an order can fill. */
  private stand(at: number, bid: number, ask: number): void {
    this.last.at = at;
    this.last.bid = bid;
    this.last.ask = ask;
  }
}
