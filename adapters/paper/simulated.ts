/**
 * The venue of a simulated world: it outlives the product's crashes and misbehaves at seeded, settable rates. Invariants: faults
 * touch what is said, never what happened (one order an id, fills within the quantity); later news of an order stay in order.
 */
import type { Venue, VenueOrder, VenueReport } from '../../agents/orders/venue.ts';
import type { Quote } from '../../messages/market.ts';
import type { Clock, Random } from '../../runtime/ports.ts';
import { memoryBook } from './book.ts';
import { drawFaults, type FaultKind, NO_FAULTS, type VenueFaults } from './faults.ts';
import { type MatchingOptions, type PaperOrder, reportOf } from './matching.ts';
import { openPaperVenue } from './venue.ts';

export interface SimulatedVenueOptions {
  readonly clock: Pick<Clock, 'marketNow' | 'at'>;
  readonly random: Random;
  /** Resolves `ms` of simulated time later. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly faults?: VenueFaults;
  readonly matching?: Partial<Omit<MatchingOptions, 'random' | 'partialFillRatio'>>;
}

export interface VenueCall {
  readonly at: number;
  readonly call: 'submit' | 'cancel' | 'lookup';
  readonly clientOrderId: string;
  /** What the product was told. */
  readonly told: VenueReport['status'];
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
  readonly faultCounts: Readonly<Record<FaultKind, number>>;
  /** New rates from now on; `NO_FAULTS` heals, an outage under way included. */
  setFaults(faults: VenueFaults): void;
}

export function openSimulatedVenue(options: SimulatedVenueOptions): SimulatedVenue {
  const { clock, random, sleep } = options;
  const calls: VenueCall[] = [];
  const connections = new Set<(report: VenueReport) => void>();
  const draw = drawFaults(random.fork('venue-faults'), options.faults ?? NO_FAULTS);
  const matchingRandom = random.fork('venue-matching');
  const inner = openPaperVenue({
    name: 'paper-simulated',
    book: memoryBook(),
    clock,
    matching: {
      slippageTicks: 0,
      commissionBps: '0',
      ...options.matching,
      random: matchingRandom,
      // Read at each match, so that new rates hold from now on.
      get partialFillRatio() {
        return draw.rates().partialFillRatio;
      },
    },
    refuse: () => (draw.happens('reject') ? 'rejected by the simulated venue' : undefined),
  });

  /** The end of what was sent last, an order: its next news wait for it. */
  const tails = new Map<string, Promise<void>>();

  function send(report: VenueReport): Promise<void> {
    const delayMs = draw.newsDelayMs(clock.marketNow());
    const before = tails.get(report.orderId);
    if (delayMs === 0 && before === undefined) {
      deliver(report);
      return Promise.resolve();
    }
    const delivered = (async () => {
      await Promise.all([before, delayMs === 0 ? undefined : sleep(delayMs)]);
      deliver(report);
    })();
    const tail = delivered.finally(() => {
      if (tails.get(report.orderId) === tail) tails.delete(report.orderId);
    });
    tails.set(report.orderId, tail);
    return tail;
  }

  function deliver(report: VenueReport): void {
    const times = draw.happens('duplicate') ? 2 : 1;
    for (let time = 0; time < times; time += 1) for (const listener of connections) listener(report);
  }

  function notePartial({ status, fills }: VenueReport): void {
    if (status === 'accepted' && fills.length > 0) draw.notePartialFill();
  }

  inner.onReport((report) => {
    notePartial(report);
    void send(report);
  });

  async function exchange(
    call: VenueCall['call'],
    orderId: string,
    act: () => Promise<VenueReport>,
  ): Promise<VenueReport> {
    const at = clock.marketNow();
    const told = await faulty(call, orderId, at, act);
    calls.push({ at, call, clientOrderId: orderId, told: told.status });
    return told;
  }

  async function faulty(
    call: VenueCall['call'],
    orderId: string,
    at: number,
    act: () => Promise<VenueReport>,
  ): Promise<VenueReport> {
    const toMs = draw.latencyMs();
    const backMs = draw.latencyMs();
    const lost = draw.happens('drop');
    const ackLost = draw.happens('ack-lost');
    const duplicate = draw.happens('duplicate');
    if (toMs > 0) await sleep(toMs);
    if (draw.outage(at)) return unresolved(orderId, 'the venue is not reachable');
    if (lost) return unresolved(orderId, 'time-out: the request was lost');
    const report = await act();
    if (call === 'submit') notePartial(report);
    // The answer once more as news: as things are now, because the answer may be older than news already sent.
    const present = inner.orders().get(orderId);
    if (duplicate && present) void send(reportOf(present));
    if (backMs > 0) await sleep(backMs);
    return ackLost ? unresolved(orderId, 'time-out: the answer was lost') : report;
  }

  return {
    calls,
    faultCounts: draw.counts,
    setFaults: draw.setRates,
    orders: () => inner.orders(),
    onQuote: (quote) => inner.onQuote(quote),
    connect() {
      const listeners = new Set<(report: VenueReport) => void>();
      const hear = (report: VenueReport): void => {
        for (const listener of listeners) listener(report);
      };
      connections.add(hear);
      const alive = (call: string): void => {
        if (!connections.has(hear)) throw new Error(`Invariant: a dead product instance called the venue's ${call}`);
      };
      // The request of an instance that dies meanwhile still arrives; the time-out is the kernel's, so no signal is passed on.
      const patient = new AbortController().signal;
      const venue: Venue = {
        name: inner.name,
        idempotency: inner.idempotency,
        async submit(order: VenueOrder) {
          alive('submit');
          return exchange('submit', order.clientOrderId, () => inner.submit(order, patient));
        },
        async cancel(id) {
          alive('cancel');
          return exchange('cancel', id, () => inner.cancel(id, patient));
        },
        async lookup(id) {
          alive('lookup');
          return exchange('lookup', id, () => inner.lookup(id, patient));
        },
        onReport(listener) {
          listeners.add(listener);
          return () => {
            listeners.delete(listener);
          };
        },
      };
      return { venue, cut: () => void connections.delete(hear) };
    },
  };
}

const unresolved = (orderId: string, reason: string): VenueReport => ({
  orderId,
  status: 'unresolved',
  fills: [],
  reason,
});
