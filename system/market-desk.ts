/**
 * The market's way into the house: each quote is checked, shown to the paper venue, and published with the bars it closed. Invariant: a
 * file's position is of one commit with what its bar brought about, so that a restart tells nothing twice that has had an effect.
 */

import type { AdapterHealth, Past } from '../adapters/kit/adapter.ts';
import type { FeedState } from '../agents/feed/feed.ts';
import type { MarketSource, SourceDescription } from '../market/source.ts';
import { openTickPath } from '../market/tick-path.ts';
import type { Bar, DayOpens, Doubt, FeedAdvance, FeedAnswered, Quote } from '../messages/market.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { MarketMemory } from './market-memory.ts';
import type { ProductPorts } from './ports.ts';

/** Of quotes without any effect so many at most are told again after the death of the process. */
const REMEMBER_EVERY = 1_000;
const LOOK_AGAIN_MS = 50;
/** Quotes older than this make a feed quiet. */
const QUIET_MS = 30_000;

export interface MarketDoor {
  /** Before anybody wakes up: clock, bars, venue and board stand where the market stood, and nobody acts on it. */
  recall(stateOf: (agent: string) => Promise<unknown>): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  describe(): SourceDescription | undefined;
  /** Resolves once a price is known. */
  readonly opened: Promise<void>;
  /** Of a source without an end: degraded when an instrument has not been quoted for half a minute of real time, unhealthy when none has. */
  health(): AdapterHealth['state'];
  dailyOpen(symbol: string): number | undefined;
  symbols(): readonly string[];
  readonly dropped: Readonly<Record<string, number>>;
}

type DoorPorts = Pick<ProductPorts, 'market' | 'past' | 'match' | 'clock' | 'log'>;

export const openMarketDoor = (
  runtime: Runtime,
  ports: DoorPorts,
  timeframesMs: readonly number[],
  ended: (failure: string | undefined) => void,
): MarketDoor => new Door(runtime, ports, timeframesMs, ended);

class Door implements MarketDoor {
  private readonly memory = new MarketMemory();
  private readonly path;
  /** Instruments whose prices jump at this moment. */
  private readonly doubted = new Set<string>();
  private readonly heardAt = new Map<string, number>();
  private source: MarketSource | undefined;
  private isRecalling = false;
  private isFile = false;
  /** Position of the quote that is being told, or was told last. */
  private told = 0;
  /** The last position that was given to the journal, and the head at that time. */
  private remembered = 0;
  private head = 0;
  private startedAt = 0;
  /** What days began with, as the past told it and no row does. */
  private daysOpened: DayOpens = {};
  readonly opened: Promise<void>;
  private signalOpened = (): void => undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly ports: DoorPorts,
    timeframesMs: readonly number[],
    private readonly ended: (failure: string | undefined) => void,
  ) {
    this.path = openTickPath(timeframesMs, (message) => this.tell(message));
    this.opened = new Promise((resolve) => {
      // Once: a promise that is resolved with every tick costs as much as a turn each time.
      this.signalOpened = () => {
        this.signalOpened = () => undefined;
        resolve();
      };
    });
  }

  get dropped(): MarketDoor['dropped'] {
    return this.path.dropped;
  }

  async recall(stateOf: (agent: string) => Promise<unknown>): Promise<void> {
    const { ports, memory } = this;
    const { position, opens } = ((await stateOf('feed')) as FeedState | undefined) ?? { position: 0, opens: {} };
    memory.recall(opens);
    const last = await this.readPast(ports.past!, position);
    for (const quote of last) {
      this.runtime.publish(quote, quote.symbol);
      this.signalOpened();
      await ports.match?.(quote);
    }
  }

  /** The last believed quote of each instrument. */
  private async readPast(past: Past, position: number): Promise<Iterable<Quote>> {
    const last = new Map<string, Quote>();
    this.isRecalling = true;
    for await (const quote of past(position)) {
      // What jumped there has happened.
      if (!this.path.tick(quote, true)) continue;
      const opened = this.memory.noteDay(quote);
      if (opened) this.daysOpened = { ...this.daysOpened, ...opened };
      last.set(quote.symbol, quote);
    }
    this.isRecalling = false;
    return last.values();
  }

  async start(): Promise<void> {
    const { runtime, ports } = this;
    const { position } = await runtime.ask<FeedAnswered>({ type: 'feed.get' });
    this.told = position;
    this.remembered = position;
    this.source = ports.market({
      after: position,
      settled: (at) => this.settled(at),
      behind: (lagMs) => ports.log.warn('feed.behind', { lagMs: Math.round(lagMs) }),
      ended: (failure) => void this.remember(this.told).then(() => this.ended(failure)),
    });
    this.isFile = this.source.describe().kind === 'replay';
    // What woke up does its work on the market in which it fell asleep. A market without an end waits for nobody: a house in which a venue
    // does not answer, or people always ask, would never hear a price.
    if (this.isFile && ports.past) await this.calm();
    this.startedAt = ports.clock.monotonic();
    this.head = runtime.head;
    if (Object.keys(this.daysOpened).length > 0) this.advance(this.daysOpened);
    this.source.start((quote) => this.take(quote));
  }

  /** The venue matches first: an order never rests at a price that the market has already passed. */
  private take(quote: Quote): Promise<void> | undefined {
    const { ports, memory } = this;
    this.told += 1;
    if (!this.path.tick(quote, this.isFile)) return undefined;
    this.heardAt.set(quote.symbol, ports.clock.monotonic());
    const opened = memory.noteDay(quote);
    if (opened && ports.past) this.advance(opened);
    return ports.match?.(quote);
  }

  private tell(message: Bar | Doubt | Quote): void {
    const { runtime, ports, memory } = this;
    if (message.type === 'market.doubt') this.noteDoubt(message);
    if (message.type === 'market.bar' && ports.past) {
      if (!this.isRecalling) runtime.publish(memory.historyOf(message), message.symbol);
      memory.noteBar(message);
      if (!this.isRecalling && this.isFile) this.advance();
    }
    if (this.isRecalling) return;
    runtime.publish(message, message.symbol);
    if (message.type === 'market.quote') this.signalOpened();
  }

  /** Once a jump, however many quotes are dropped over it. */
  private noteDoubt({ symbol, isDoubted, bid, ask, last }: Doubt): void {
    const { doubted, ports } = this;
    if (isDoubted === doubted.has(symbol)) return;
    if (isDoubted) doubted.add(symbol);
    else doubted.delete(symbol);
    ports.log.warn(isDoubted ? 'feed.jumps' : 'feed.believed-again', { symbol, bid, ask, last });
  }

  /** In the step that tells the quote: the turns that follow from it are of the same group. */
  private advance(opens?: DayOpens): void {
    const message: FeedAdvance = {
      type: 'feed.advance',
      position: this.isFile ? this.told : 0,
      ...(opens && { opens }),
    };
    if (this.runtime.tell(message) && this.isFile) this.remembered = this.told;
  }

  private async settled(position: number): Promise<void> {
    const { runtime } = this;
    await this.calm();
    const isDue = runtime.head !== this.head || position - this.remembered >= REMEMBER_EVERY;
    if (isDue && position > this.remembered) {
      this.remembered = position;
      await this.remember(position);
    }
    this.head = runtime.head;
  }

  /** While the house recovers nobody hears the market: a file waits. */
  private async calm(): Promise<void> {
    const { runtime, ports } = this;
    await runtime.settled();
    while (runtime.state === 'recovering') {
      const { clock } = ports;
      await new Promise<void>((resolve) => void clock.at('monotonic', clock.monotonic() + LOOK_AGAIN_MS, resolve));
      await runtime.settled();
    }
  }

  private async remember(position: number): Promise<void> {
    const message: FeedAdvance = { type: 'feed.advance', position };
    await this.runtime
      .ask<FeedAnswered>(message)
      .catch((error: unknown) => this.ports.log.warn('feed.position-not-kept', { position, reason: String(error) }));
  }

  /** The drain that follows makes the last position durable. */
  async stop(): Promise<void> {
    await this.source?.stop();
    if (this.isFile && this.ports.past && this.told > this.remembered) this.advance();
  }

  describe(): SourceDescription | undefined {
    return this.source?.describe();
  }

  health(): AdapterHealth['state'] {
    const { source, isFile, startedAt, ports } = this;
    const { failure, symbols = [] } = source?.describe() ?? {};
    if (failure !== undefined) return 'unhealthy';
    const since = ports.clock.monotonic() - QUIET_MS;
    const quiet = isFile ? [] : symbols.filter((symbol) => (this.heardAt.get(symbol) ?? startedAt) < since);
    if (quiet.length === 0) return 'healthy';
    return quiet.length < symbols.length ? 'degraded' : 'unhealthy';
  }

  dailyOpen(symbol: string): number | undefined {
    return this.memory.openOf(symbol);
  }

  symbols(): readonly string[] {
    return this.memory.symbols();
  }
}
