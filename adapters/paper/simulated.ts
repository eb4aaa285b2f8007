/**
 * The venue of a simulated world: it outlives the product's crashes and misbehaves at seeded, settable rates. Invariants: faults
 * touch what is said, never what happened (one order an id, fills within the quantity); later news of an order stay in order.
 */
import type { Venue, VenueReport, VenueSnapshot } from '../../agents/venue.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock, Random } from '../../runtime/ports.ts';
import type { AdapterHealth } from '../kit/adapter.ts';
import { memoryBook } from './book.ts';
import { type Asked, unresolved, type VenueCall } from './calls.ts';
import { drawFaults, type FaultDraws, type FaultKind, NO_FAULTS, type VenueFaults } from './faults.ts';
import { LateFills, quoteAt } from './late-fills.ts';
import { type MatchingOptions, type PaperOrder, reportOf } from './matching.ts';
import { Repeats } from './repeats.ts';
import { openPaperVenue, type PaperVenue } from './venue.ts';

export interface SimulatedVenueOptions {
  readonly clock: Pick<Clock, 'marketNow' | 'at'>;
  readonly random: Random;
  /** Resolves `ms` of simulated time later. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly faults?: VenueFaults;
  /** By the client order id when absent. */
  readonly idempotency?: Venue['idempotency'];
  readonly matching?: Partial<Omit<MatchingOptions, 'random' | 'partialFillRatio'>>;
}

/** One product instance's line to the venue. */
export interface VenueConnection {
  readonly venue: Venue;
  /** The instance died: it hears nothing any more, and a call of it is a bug that is thrown. */
  cut(): void;
}

export interface SimulatedVenue {
  connect(): VenueConnection;
  onQuote(quote: Quote): Promise<void> | undefined;
  orders(): ReadonlyMap<string, PaperOrder>;
  readonly calls: readonly VenueCall[];
  readonly idempotency: Venue['idempotency'];
  health(): AdapterHealth;
  readonly faultCounts: Readonly<Record<FaultKind, number>>;
  /** New rates from now on; `NO_FAULTS` heals, an outage under way included. */
  setFaults(faults: VenueFaults): void;
  /** The venue restarts, or the line to it breaks: what is under way is lost, and nothing gets through before `untilMs`. */
  interrupt(kind: 'restart' | 'connection-cut', untilMs: number): void;
  /** Instruments whose trading the venue has halted: it refuses new orders of them. */
  setHalted(symbols: ReadonlySet<string>): void;
  /** What it takes of each fill from now on, in basis points of its value, as decimal text. */
  setCommission(bps: string): void;
}

export const openSimulatedVenue = (options: SimulatedVenueOptions): SimulatedVenue => new Twin(options);

class Twin implements SimulatedVenue {
  readonly calls: VenueCall[] = [];
  private readonly connections = new Set<(report: VenueReport) => void>();
  private readonly draw: FaultDraws;
  private readonly inner: PaperVenue;
  /** The end of what was sent last, an order: its next news wait for it. */
  private readonly tails = new Map<string, Promise<void>>();
  private halted: ReadonlySet<string> = new Set();
  private readonly late: LateFills;
  private readonly repeats: Repeats;
  private readonly quotes = new Map<string, Quote>();
  /** Its news are held back until its cancel has been answered. */
  private crossing: string | undefined;
  private commissionBps: string | undefined;
  /** Counts broken lines: an answer on an older one is lost. */
  private line = 0;

  constructor(private readonly options: SimulatedVenueOptions) {
    const { clock, random, faults = NO_FAULTS, idempotency = 'clientOrderId' } = options;
    this.repeats = new Repeats(idempotency);
    const draw = drawFaults(random.fork('venue-faults'), faults);
    const crossing = (): boolean => this.crossing !== undefined;
    const commission = (): string => this.commissionBps ?? options.matching?.commissionBps ?? '0';
    this.draw = draw;
    this.late = new LateFills((orderId) => {
      const order = this.inner.orders().get(orderId);
      if (order) void this.send(reportOf(order));
    });
    this.inner = openPaperVenue({
      name: 'paper-simulated',
      book: memoryBook(),
      clock,
      matching: {
        slippageTicks: 0,
        ...options.matching,
        get commissionBps() {
          return commission();
        },
        random: random.fork('venue-matching'),
        // Read at each match, so that new rates hold from now on.
        get partialFillRatio() {
          return crossing() ? 1 : draw.rates().partialFillRatio;
        },
      },
      refuse: ({ symbol }) => {
        if (this.halted.has(symbol)) return `the venue has halted trading in ${symbol}`;
        return draw.happens('reject') ? 'rejected by the simulated venue' : undefined;
      },
    });
    this.inner.onReport((report) => {
      this.notePartial(report);
      void this.send(report);
    });
  }

  get faultCounts(): Readonly<Record<FaultKind, number>> {
    return this.draw.counts;
  }

  get idempotency(): Venue['idempotency'] {
    return this.repeats.idempotency;
  }

  health(): AdapterHealth {
    return { state: this.draw.reachable(this.options.clock.marketNow()) ? 'healthy' : 'unhealthy', simulated: true };
  }

  setFaults(faults: VenueFaults): void {
    this.draw.setRates(faults);
  }

  interrupt(kind: 'restart' | 'connection-cut', untilMs: number): void {
    this.line += 1;
    this.draw.interrupt(kind, untilMs);
  }

  setHalted(symbols: ReadonlySet<string>): void {
    this.halted = symbols;
  }

  setCommission(bps: string): void {
    this.commissionBps = bps;
  }

  orders(): ReadonlyMap<string, PaperOrder> {
    return this.inner.orders();
  }

  onQuote(quote: Quote): Promise<void> | undefined {
    this.quotes.set(quote.symbol, quote);
    return this.inner.onQuote(quote);
  }

  connect(): VenueConnection {
    const listeners = new Set<(report: VenueReport) => void>();
    const hear = (report: VenueReport): void => {
      for (const listener of listeners) listener(report);
    };
    this.connections.add(hear);
    const { late, repeats, inner } = this;
    const checkAlive = (what: string): void => {
      if (!this.connections.has(hear)) throw new Error(`Invariant: a dead product instance called the venue's ${what}`);
    };
    const ask = async (call: Asked, act: () => Promise<VenueReport>): Promise<VenueReport> => {
      checkAlive(call.call);
      return this.exchange(call, act);
    };
    const venue: Venue = {
      name: inner.name,
      idempotency: repeats.idempotency,
      submit: (order) =>
        ask({ call: 'submit', clientOrderId: order.clientOrderId, order }, async () =>
          repeats.told(await inner.submit(repeats.booked(order), PATIENT)),
        ),
      cancel: (id) =>
        ask({ call: 'cancel', clientOrderId: id }, async () => repeats.certain(await inner.cancel(id, PATIENT))),
      lookup: (id) =>
        ask({ call: 'lookup', clientOrderId: id }, async () => repeats.certain(await inner.lookup(id, PATIENT))),
      snapshot: async () => {
        checkAlive('snapshot');
        return this.snapshot();
      },
      onReport(listener) {
        listeners.add(listener);
        late.tellAgain();
        return () => void listeners.delete(listener);
      },
    };
    return { venue, cut: () => void this.connections.delete(hear) };
  }

  private send(report: VenueReport): Promise<void> {
    const newsMs = this.draw.newsDelayMs(this.options.clock.marketNow());
    const delayMs = newsMs + (this.crossing === report.orderId ? LATE_FILL_MS : 0);
    const before = this.tails.get(report.orderId);
    if (delayMs === 0 && before === undefined) {
      this.deliver(report);
      return Promise.resolve();
    }
    const delivered = (async () => {
      await Promise.all([before, delayMs === 0 ? undefined : this.options.sleep(delayMs)]);
      this.deliver(report);
    })();
    const tail = delivered.finally(() => {
      if (this.tails.get(report.orderId) === tail) this.tails.delete(report.orderId);
    });
    this.tails.set(report.orderId, tail);
    return tail;
  }

  private deliver(report: VenueReport): void {
    this.late.told(report);
    const times = this.draw.happens('duplicate') ? 2 : 1;
    const told = this.repeats.told(report);
    for (let time = 0; time < times; time += 1) for (const listener of this.connections) listener(told);
  }

  private notePartial({ status, fills }: VenueReport): void {
    if (status === 'accepted' && fills.length > 0) this.draw.notePartialFill();
  }

  /** The same faults as of any request, but what can't be told is a rejection: there is no order to be unresolved. */
  private async snapshot(): Promise<VenueSnapshot> {
    const { draw, inner, options } = this;
    const at = options.clock.marketNow();
    const { toMs, backMs, lost, ackLost } = this.drawWay();
    if (toMs > 0) await options.sleep(toMs);
    if (draw.outage(at)) throw new Error('the venue is not reachable');
    if (lost) throw new Error('time-out: the request was lost');
    const told = await inner.snapshot(PATIENT);
    if (backMs > 0) await options.sleep(backMs);
    if (ackLost) throw new Error('time-out: the answer was lost');
    return told;
  }

  /** What becomes of a call on its way, both ways. */
  private drawWay() {
    const { draw } = this;
    const times = { toMs: draw.latencyMs(), backMs: draw.latencyMs() };
    return { ...times, lost: draw.happens('drop'), ackLost: draw.happens('ack-lost') };
  }

  private async exchange(asked: Asked, act: () => Promise<VenueReport>): Promise<VenueReport> {
    const at = this.options.clock.marketNow();
    const told = await this.faulty(asked.call, asked.clientOrderId, at, act);
    this.calls.push({ at, ...asked, told: told.status });
    return told;
  }

  private async faulty(
    call: VenueCall['call'],
    orderId: string,
    at: number,
    act: () => Promise<VenueReport>,
  ): Promise<VenueReport> {
    const { draw, inner, options, line } = this;
    const { toMs, backMs, lost, ackLost } = this.drawWay();
    const duplicate = draw.happens('duplicate');
    if (call === 'submit') this.repeats.leaves(orderId);
    if (toMs > 0) await options.sleep(toMs);
    if (call === 'submit') this.repeats.arrives(orderId);
    if (line !== this.line) return unresolved(orderId, 'time-out: the line broke before the request arrived');
    if (draw.outage(at)) return unresolved(orderId, 'the venue is not reachable');
    if (lost) return unresolved(orderId, 'time-out: the request was lost');
    const crossed = call === 'cancel' && (await this.tickBefore(orderId));
    const report = await act();
    if (call === 'submit') this.notePartial(report);
    // The answer once more as news: as things are now, because the answer may be older than news already sent.
    const present = inner.orders().get(orderId);
    if (duplicate && present) void this.send(reportOf(present));
    if (backMs > 0) await options.sleep(backMs);
    if (line !== this.line) return unresolved(orderId, 'time-out: the line broke before the answer arrived');
    if (ackLost) return unresolved(orderId, 'time-out: the answer was lost');
    const answer = crossed ? this.withoutUntold(report) : report;
    this.late.told(answer);
    return answer;
  }

  /** Does a last tick, at the order's own price, cross its cancel? It fills a part, which is told after the cancel's answer. */
  private async tickBefore(orderId: string): Promise<boolean> {
    const known = this.inner.orders().get(orderId);
    const quote = known && this.quotes.get(known.order.symbol);
    if (known?.status !== 'accepted' || !quote || !this.draw.crosses()) return false;
    this.crossing = orderId;
    await this.inner.onQuote(quoteAt(Number(known.order.price), known.order.side, quote));
    this.crossing = undefined;
    await this.inner.onQuote(quote);
    return true;
  }

  /** A cancel's answer without the fills that were not told yet; they are told later. */
  private withoutUntold(report: VenueReport): VenueReport {
    const untold = this.late.untold(report);
    if (untold === 0 || report.status !== 'canceled') return report;
    this.draw.noteLateFill();
    this.late.owe(report.orderId);
    void this.options.sleep(LATE_FILL_MS).then(() => this.late.tell(report.orderId));
    return { ...report, fills: report.fills.slice(0, -untold) };
  }
}

/** By then the answer that left them out has been heard. */
const LATE_FILL_MS = 2_500;

/** The request of an instance that dies meanwhile still arrives, and time-outs are the kernel's: no signal is passed on. */
const PATIENT = new AbortController().signal;
