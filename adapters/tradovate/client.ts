/**
 * Tradovate as a venue port. Invariants: an order is handed over once, whatever becomes of the answer; a refusal is only what is certain;
 * time-outs, 5xx, broken lines and answers that can't be read are `unresolved`; `absent` is told as certainty.ts allows.
 */
import type { Venue, VenueOrder, VenueReport, VenueSnapshot } from '../../agents/venue.ts';
import type { Clock } from '../../runtime/ports.ts';
import { within } from '../kit/within.ts';
import { HandedOver } from './certainty.ts';
import { reasonOf, TradovateError } from './fault.ts';
import { News } from './news.ts';
import { OrderReader } from './reader.ts';
import { readSnapshot, type SnapshotSources } from './snapshot.ts';
import { ticketOf } from './tickets.ts';

export interface ClientOptions extends SnapshotSources {
  readonly clock: Clock;
  /** How long an answer waits for Tradovate to decide about the order. */
  readonly answerWithinMs: number;
  readonly arrivalMaxMs: number;
  readonly retryMinMs: number;
}

export interface TradovateVenue extends Venue {
  readonly news: News;
  close(): void;
}

const unresolved = (orderId: string, reason: string): VenueReport => ({
  ...{ orderId, status: 'unresolved', fills: [], reason },
});

export class Client implements TradovateVenue {
  readonly name = 'tradovate';
  readonly idempotency = 'lookup';
  readonly news: News;
  private readonly closing = new AbortController();
  private readonly handedOver: HandedOver;
  private readonly reader: OrderReader;

  constructor(private readonly options: ClientOptions) {
    const { clock, arrivalMaxMs, retryMinMs } = options;
    this.handedOver = new HandedOver({ arrivalMaxMs, openedAt: clock.monotonic() });
    this.reader = new OrderReader(options);
    this.news = new News({
      mirror: options.mirror,
      ids: options.ids,
      reader: this.reader,
      signal: this.closing.signal,
      retryMinMs,
    });
  }

  submit(order: VenueOrder, signal: AbortSignal): Promise<VenueReport> {
    const { clientOrderId } = order;
    if (signal.aborted) return Promise.resolve(unresolved(clientOrderId, 'given up before the hand-over'));
    // Handed over once in this life: Tradovate would make a second order of it.
    if (this.handedOver.has(clientOrderId)) return this.lookup(clientOrderId, signal);
    this.handedOver.note(clientOrderId, this.options.clock.monotonic());
    return this.answered(clientOrderId, signal, (limits) => this.handOver(order, limits));
  }

  cancel(clientOrderId: string, signal: AbortSignal, submittedAt?: number): Promise<VenueReport> {
    return this.answered(clientOrderId, signal, async (limits) => {
      const orderId = await this.find(clientOrderId, limits, submittedAt);
      if (typeof orderId !== 'number') return orderId;
      const known = this.reader.told(clientOrderId, orderId);
      if (typeof known === 'object' && known.status !== 'accepted') return known;
      const outcome = await this.options.desk.cancel(orderId, limits);
      if ('refused' in outcome) await this.reader.read(orderId, limits);
      const isEnough = 'refused' in outcome ? () => true : ({ status }: VenueReport) => status !== 'accepted';
      const report = await this.reader.decided(clientOrderId, orderId, isEnough, limits);
      if (report.status !== 'accepted') return report;
      return 'refused' in outcome
        ? { ...report, status: 'cancel-rejected', reason: outcome.refused }
        : { ...report, status: 'unresolved', reason: 'Tradovate has the cancel, the order has not ended yet' };
    });
  }

  lookup(clientOrderId: string, signal: AbortSignal, submittedAt?: number): Promise<VenueReport> {
    return this.answered(clientOrderId, signal, async (limits) => {
      const orderId = await this.find(clientOrderId, limits, submittedAt);
      if (typeof orderId !== 'number') return orderId;
      await this.reader.read(orderId, limits);
      return this.reader.decided(clientOrderId, orderId, () => true, limits);
    });
  }

  snapshot(signal: AbortSignal): Promise<VenueSnapshot> {
    return within({ signals: [signal, this.closing.signal] }, (limits) => readSnapshot(this.options, limits));
  }

  onReport(listener: (report: VenueReport) => void): () => void {
    return this.news.onReport(listener);
  }

  close(): void {
    this.news.close();
    this.closing.abort();
  }

  /** The answer of an act about an order; meanwhile its news wait, so that they are not told twice. */
  private answered(
    clientOrderId: string,
    signal: AbortSignal,
    act: (signal: AbortSignal) => Promise<VenueReport>,
  ): Promise<VenueReport> {
    return this.news.whileAnswering(clientOrderId, async () => {
      try {
        return await within({ signals: [signal, this.closing.signal] }, act);
      } catch (error) {
        return unresolved(clientOrderId, reasonOf(error));
      }
    });
  }

  private async handOver(order: VenueOrder, signal: AbortSignal): Promise<VenueReport> {
    const { ids, mirror } = this.options;
    const { clientOrderId, orderType, timeInForce } = order;
    const clOrdId = ids.toVenue(clientOrderId);
    const placed = await this.place(order, clOrdId, signal);
    if ('refused' in placed) {
      this.handedOver.forget(clientOrderId);
      return { orderId: clientOrderId, status: 'rejected', fills: [], reason: placed.refused };
    }
    mirror.link(placed.orderId, clOrdId);
    const rests = orderType !== 'market' && timeInForce !== 'IOC';
    const isEnough = ({ status }: VenueReport): boolean => rests || status !== 'accepted';
    return this.reader.decided(clientOrderId, placed.orderId, isEnough, signal);
  }

  /** A refusal is certain: nothing left, or Tradovate said no. Whatever else is thrown leaves it open. */
  private async place(order: VenueOrder, clOrdId: string, signal: AbortSignal) {
    const { accounts, symbols, desk } = this.options;
    const found = symbols.contractOf(order.symbol);
    if ('refused' in found) return found;
    try {
      const account = await accounts.theirs(order.accountId, signal).catch(notSent);
      const ticket = ticketOf(order, account, found.contract, clOrdId);
      if ('refused' in ticket) return ticket;
      this.handedOver.note(order.clientOrderId, this.options.clock.monotonic());
      return await desk.place(ticket.body, signal);
    } catch (error) {
      if (error instanceof TradovateError && error.handled === 'no') return { refused: reasonOf(error) };
      throw error;
    }
  }

  /** Tradovate's id of the order; else what can be said without it. */
  private async find(clientOrderId: string, signal: AbortSignal, submittedAt?: number): Promise<number | VenueReport> {
    const { mirror, ids, desk, clock } = this.options;
    const clOrdId = ids.toVenue(clientOrderId);
    const known = mirror.idOf(clOrdId);
    if (known !== undefined) return known;
    const [askedAt, wallMs] = [clock.monotonic(), clock.wallNow()];
    for (const command of await desk.commands(signal)) mirror.takeCommand(command);
    const found = mirror.idOf(clOrdId);
    if (found !== undefined) return found;
    const doubt = this.handedOver.doubt(clientOrderId, askedAt, wallMs, submittedAt);
    if (doubt !== undefined) return { ...unresolved(clientOrderId, doubt), notFound: true };
    this.handedOver.forget(clientOrderId);
    return { orderId: clientOrderId, status: 'absent', fills: [] };
  }
}

/** The account could not be read: the order has not left. */
function notSent(error: unknown): never {
  throw new TradovateError(`not handed over: ${reasonOf(error)}`, 'no', { cause: error });
}
