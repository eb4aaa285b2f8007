/**
 * The paper venue's process as a venue port. Invariant: a refusal is only what the venue itself said; a time-out, a 5xx, a broken
 * connection or an answer that can't be read is `unresolved`, because the request may have arrived.
 */
import { setTimeout } from 'node:timers/promises';
import type { Venue, VenueOrder, VenueReport, VenueSnapshot } from '../../../agents/venue.ts';
import type { Quote } from '../../../messages/market.ts';
import { within } from '../../kit/within.ts';
import { wireEvents, wireReport, wireSnapshot } from './wire.ts';

export interface RemoteVenueOptions {
  /** Such as http://127.0.0.1:4100 */
  readonly url: string;
  readonly timeoutMs?: number;
  /** Pause before events are asked for again after a failure. */
  readonly retryMs?: number;
}

export interface RemoteVenue extends Venue {
  /** Hands quotes on; resolves false when the venue did not take them. */
  quotes(quotes: readonly Quote[]): Promise<boolean>;
  /** Did the process answer when its events were asked for last? */
  isReachable(): boolean;
  close(): Promise<void>;
}

interface Answer extends Pick<Response, 'status' | 'ok'> {
  readonly text: string;
}

const TIMEOUT_MS = 5_000;
const RETRY_MS = 500;
/** Longer than the server lets an unanswered poll wait. */
const EVENTS_TIMEOUT_MS = 30_000;

export const openRemoteVenue = (options: RemoteVenueOptions): RemoteVenue => new Remote(options);

class Remote implements RemoteVenue {
  readonly name = 'paper-remote';
  readonly idempotency = 'clientOrderId';
  private readonly listeners = new Set<(report: VenueReport) => void>();
  /** Orders that may still have news; looked up when the process has begun a new life. */
  private readonly open = new Set<string>();
  private reachable = true;
  private readonly closing = new AbortController();
  private readonly listening: Promise<void>;

  constructor(private readonly options: RemoteVenueOptions) {
    this.listening = this.listen();
  }

  submit(order: VenueOrder, signal: AbortSignal): Promise<VenueReport> {
    this.open.add(order.clientOrderId);
    return this.report(order.clientOrderId, this.ask('POST', '/orders', signal, order));
  }

  cancel(clientOrderId: string, signal: AbortSignal): Promise<VenueReport> {
    return this.report(clientOrderId, this.ask('DELETE', pathOf(clientOrderId), signal));
  }

  lookup(clientOrderId: string, signal: AbortSignal): Promise<VenueReport> {
    return this.report(clientOrderId, this.ask('GET', pathOf(clientOrderId), signal));
  }

  async snapshot(signal: AbortSignal): Promise<VenueSnapshot> {
    const { ok, status, text } = await this.ask('GET', '/snapshot', signal);
    if (!ok) throw new Error(`the venue answered ${status}`);
    return wireSnapshot.parse(JSON.parse(text));
  }

  onReport(listener: (report: VenueReport) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  async quotes(quotes: readonly Quote[]): Promise<boolean> {
    try {
      return (await this.ask('POST', '/quotes', this.closing.signal, quotes)).ok;
    } catch {
      return false;
    }
  }

  isReachable(): boolean {
    return this.reachable;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.listening;
  }

  private ask(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<Answer> {
    const { url, timeoutMs = TIMEOUT_MS } = this.options;
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    return within({ signals: [signal, this.closing.signal], timeoutMs }, async (limits) => {
      const response = await fetch(url + path, { method, signal: limits, ...sent });
      return { status: response.status, ok: response.ok, text: await response.text() };
    });
  }

  private async report(orderId: string, asked: Promise<Answer>): Promise<VenueReport> {
    try {
      const { status, text } = await asked;
      const body: unknown = JSON.parse(text);
      if (status >= 500) return unresolved(orderId, `the venue answered ${status}`);
      if (status === 400 || status === 413) {
        this.open.delete(orderId);
        return { orderId, status: 'rejected', fills: [], reason: `refused by the venue: ${JSON.stringify(body)}` };
      }
      const said = wireReport.parse(body);
      if (said.orderId !== orderId) return unresolved(orderId, `the venue answered for order ${said.orderId}`);
      this.remember(said);
      return said;
    } catch (error) {
      return unresolved(orderId, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  }

  private remember({ orderId, status }: VenueReport): void {
    if (status === 'accepted' || status === 'cancel-rejected') this.open.add(orderId);
    else this.open.delete(orderId);
  }

  private tell(news: VenueReport): void {
    this.remember(news);
    for (const listener of this.listeners) listener(news);
  }

  /** Asks for events until closed; the next try tells what was missed, by number, or by looking up after a new life. */
  private async listen(): Promise<void> {
    const { url, retryMs = RETRY_MS } = this.options;
    const { signal } = this.closing;
    let life = '';
    let after = 0;
    while (!signal.aborted) {
      try {
        const asked = `${url}/events?life=${encodeURIComponent(life)}&after=${after}`;
        const page = await within({ signals: [signal], timeoutMs: EVENTS_TIMEOUT_MS }, async (limits) => {
          const response = await fetch(asked, { signal: limits });
          if (!response.ok) throw new Error(`events: ${response.status}`);
          return wireEvents.parse(await response.json());
        });
        if (!page.complete) await this.catchUp();
        for (const news of page.reports) this.tell(news);
        life = page.life;
        after = page.last;
        this.reachable = true;
      } catch {
        this.reachable = false;
        await setTimeout(retryMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  private async catchUp(): Promise<void> {
    for (const orderId of [...this.open]) {
      const present = await this.lookup(orderId, this.closing.signal);
      if (present.status === 'unresolved') throw new Error(`order ${orderId}: ${present.reason}`);
      // An order whose submit is still on its way is absent only for now: that is no news.
      if (present.status !== 'absent') this.tell(present);
    }
  }
}

const pathOf = (clientOrderId: string): string => `/orders/${encodeURIComponent(clientOrderId)}`;

const unresolved = (orderId: string, reason: string): VenueReport => ({
  orderId,
  status: 'unresolved',
  fills: [],
  reason,
});
