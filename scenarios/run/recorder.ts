/** Writes down what a report needs while a scenario runs: answers, samples of the market and of equity, faults as they are counted. */
import { DEFINITIONS } from '../../messages/registry.ts';
import type { Envelope } from '../../runtime/message.ts';
import type {
  RecordedAnswer,
  RecordedEquity,
  RecordedFault,
  RecordedLife,
  RecordedMessage,
  RecordedQuotes,
  RecordedTalk,
  RecordedTrader,
} from '../recording.ts';
import type { World } from '../world.ts';
import type { Books } from './books.ts';

const POINTS_MAX = 600;
const SAMPLE_MIN_MS = 1_000;
/** More than this no page can show. */
const MESSAGES_MAX = 50_000;
/** The market is drawn as such. */
const MARKET_DATA = new Set(DEFINITIONS.flatMap(({ kind, type }) => (kind === 'market' ? [type] : [])));

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

export class Recorder {
  readonly answers: RecordedAnswer[] = [];
  readonly faults: RecordedFault[] = [];
  readonly notes: RecordedLife[] = [];
  private readonly messages: RecordedMessage[] = [];
  private messagesLeft = 0;
  private readonly quotes = new Map<string, Mutable<RecordedQuotes>>();
  private readonly equities = new Map<string, Mutable<RecordedEquity>>();
  private readonly counted = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly books: Books,
    private readonly startAt: number,
  ) {}

  get atMs(): number {
    return this.world.now - this.startAt;
  }

  note(what: string): void {
    this.notes.push({ atMs: this.atMs, what });
  }

  /** What agents say to each other. */
  overhear({ message: { type }, source, target }: Envelope): void {
    if (MARKET_DATA.has(type)) return;
    if (this.messages.length < MESSAGES_MAX) this.messages.push({ atMs: this.atMs, type, source, target });
    else this.messagesLeft += 1;
  }

  get talk(): RecordedTalk {
    return { messages: this.messages, left: this.messagesLeft };
  }

  /** Samples evenly up to `untilMs`, from now on. */
  sampleUntil(untilMs: number): void {
    const everyMs = Math.max(SAMPLE_MIN_MS, Math.ceil(untilMs / POINTS_MAX));
    const next = (): void => {
      this.sample();
      if (this.atMs + everyMs <= untilMs) this.world.runner.clock.at('market', this.world.now + everyMs, next);
    };
    next();
  }

  sample(): void {
    const { atMs } = this;
    for (const symbol of this.world.options.symbols) {
      const quote = this.world.quote(symbol);
      if (quote) this.seriesOf(symbol).points.push({ atMs, bid: quote.bid, ask: quote.ask });
    }
    for (const [accountId, name] of this.books.accountNames) {
      const equity = this.books.figureOfAccount('equity', accountId);
      let series = this.equities.get(accountId);
      if (!series) {
        series = { accountId, name, points: [] };
        this.equities.set(accountId, series);
      }
      series.points.push({ atMs, equity });
    }
  }

  /** Called after each step of the world: what has been counted since belongs to this moment. */
  countFaults(): void {
    for (const counts of this.world.faultCounters) {
      for (const kind in counts) {
        const count = counts[kind]!;
        const before = this.counted.get(kind) ?? 0;
        if (count === before) continue;
        this.faults.push({ atMs: this.atMs, kind, count: count - before });
        this.counted.set(kind, count);
      }
    }
  }

  get recordedQuotes(): readonly RecordedQuotes[] {
    return [...this.quotes.values()];
  }

  get recordedEquity(): readonly RecordedEquity[] {
    return [...this.equities.values()];
  }

  get recordedTraders(): readonly RecordedTrader[] {
    return [...this.books.traders.values()];
  }

  private seriesOf(symbol: string): Mutable<RecordedQuotes> {
    const known = this.quotes.get(symbol);
    if (known) return known;
    const series: Mutable<RecordedQuotes> = { symbol, points: [] };
    this.quotes.set(symbol, series);
    return series;
  }
}
