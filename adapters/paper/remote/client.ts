/**
 * The paper venue's process as a venue port. Invariant: a refusal is only what the venue itself said; a time-out, a 5xx, a broken
 * connection or an answer that can't be read is `unresolved`, because the request may have arrived.
 */
import { setTimeout } from 'node:timers/promises';
import type { Venue, VenueOrder, VenueReport } from '../../../agents/orders/venue.ts';
import type { Quote } from '../../../messages/market.ts';
import { wireEvents, wireReport } from './wire.ts';

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
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;
const RETRY_MS = 500;
/** Longer than the server lets an unanswered poll wait. */
const EVENTS_TIMEOUT_MS = 30_000;

export function openRemoteVenue({ url, timeoutMs = TIMEOUT_MS, retryMs = RETRY_MS }: RemoteVenueOptions): RemoteVenue {
  const listeners = new Set<(report: VenueReport) => void>();
  /** Orders that may still have news; looked up when the process has begun a new life. */
  const open = new Set<string>();
  const closing = new AbortController();

  async function ask(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<Response> {
    const limits = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(timeoutMs)]);
    if (body === undefined) return fetch(url + path, { method, signal: limits });
    const headers = { 'content-type': 'application/json' };
    return fetch(url + path, { method, signal: limits, headers, body: JSON.stringify(body) });
  }

  async function report(orderId: string, asked: Promise<Response>): Promise<VenueReport> {
    try {
      const response = await asked;
      const body: unknown = await response.json();
      if (response.status >= 500) return unresolved(orderId, `the venue answered ${response.status}`);
      if (response.status === 400 || response.status === 413) {
        return {
          orderId,
          status: 'rejected',
          fills: [],
          reason: `the venue refused the request: ${JSON.stringify(body)}`,
        };
      }
      const said = wireReport.parse(body) as VenueReport;
      if (said.orderId !== orderId) return unresolved(orderId, `the venue answered for order ${said.orderId}`);
      remember(said);
      return said;
    } catch (error) {
      return unresolved(orderId, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  }

  function remember({ orderId, status }: VenueReport): void {
    if (status === 'accepted' || status === 'cancel-rejected') open.add(orderId);
    else open.delete(orderId);
  }

  function tell(news: VenueReport): void {
    remember(news);
    for (const listener of listeners) listener(news);
  }

  async function lookup(clientOrderId: string, signal: AbortSignal): Promise<VenueReport> {
    return report(clientOrderId, ask('GET', `/orders/${encodeURIComponent(clientOrderId)}`, signal));
  }

  async function catchUp(): Promise<void> {
    for (const orderId of [...open]) {
      const present = await lookup(orderId, closing.signal);
      if (present.status !== 'unresolved') tell(present);
    }
  }

  async function listen(): Promise<void> {
    let life = '';
    let after = 0;
    while (!closing.signal.aborted) {
      try {
        const limits = AbortSignal.any([closing.signal, AbortSignal.timeout(EVENTS_TIMEOUT_MS)]);
        const response = await fetch(`${url}/events?life=${encodeURIComponent(life)}&after=${after}`, {
          signal: limits,
        });
        if (!response.ok) throw new Error(`events: ${response.status}`);
        const page = wireEvents.parse(await response.json());
        life = page.life;
        after = page.last;
        if (!page.complete) await catchUp();
        for (const news of page.reports) tell(news as VenueReport);
      } catch {
        // The next try tells what was missed: by number, or by looking up after a new life.
        await pause(retryMs, closing.signal);
      }
    }
  }

  const listening = listen();
  return {
    name: 'paper-remote',
    idempotency: 'clientOrderId',
    submit: (order: VenueOrder, signal) => {
      open.add(order.clientOrderId);
      return report(order.clientOrderId, ask('POST', '/orders', signal, order));
    },
    cancel: (id, signal) => report(id, ask('DELETE', `/orders/${encodeURIComponent(id)}`, signal)),
    lookup,
    onReport(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async quotes(quotes) {
      try {
        const response = await ask('POST', '/quotes', closing.signal, quotes);
        await response.arrayBuffer();
        return response.ok;
      } catch {
        return false;
      }
    },
    async close() {
      closing.abort();
      await listening;
    },
  };
}

const unresolved = (orderId: string, reason: string): VenueReport => ({
  orderId,
  status: 'unresolved',
  fills: [],
  reason,
});

/** Ends early, without an error, when the signal fires. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
