/**
 * The paper venue as a server on the loopback interface. Invariant: every request about an order is a line of the request log,
 * by client order id, before anything happens to it, and another when it is answered; so the log proves what was asked for and
 * told, whatever dies.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VenueReport } from '../../../agents/venue.ts';
import type { PaperVenue } from '../venue.ts';
import { type EventLog, openEventLog } from './events.ts';
import { wireOrder, wireQuotes } from './wire.ts';

const BODY_MAX_BYTES = 4 << 20;
const EVENTS_WAIT_MS = 20_000;

export interface PaperServerOptions {
  readonly venue: PaperVenue;
  /** 0 picks a free one. */
  readonly port: number;
  readonly requestLogPath: string;
}

export interface PaperServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What a request may reach. */
interface Desk {
  readonly venue: PaperVenue;
  readonly events: EventLog;
  readonly note: (
    line: { readonly call: string } | { readonly answered: string; readonly told: string },
    clientOrderId: string,
  ) => void;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Nobody's patience counts here: an order that has arrived is acted on. */
const PATIENT = new AbortController().signal;

export async function openPaperServer({ venue, port, requestLogPath }: PaperServerOptions): Promise<PaperServer> {
  const requestLog = openSync(requestLogPath, 'a');
  const events = openEventLog();
  const unsubscribe = venue.onReport(events.append);

  const desk: Desk = {
    venue,
    events,
    note(line, clientOrderId) {
      writeSync(requestLog, `${JSON.stringify({ at: Date.now(), ...line, clientOrderId })}\n`);
    },
  };

  let closing = false;
  const server = createServer((request, response) => {
    const answered = closing ? Promise.reject(new Refusal(503, 'the venue is closing')) : route(request, desk);
    answered
      .catch((error: Error): Answer => {
        const status = error instanceof Refusal ? error.status : 500;
        return { status, body: { error: error.message } };
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      closing = true;
      unsubscribe();
      events.close();
      server.closeIdleConnections();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await closed;
      await venue.close();
      closeSync(requestLog);
    },
  };
}

/** A request about one order, between its two lines of the log. */
async function noted(
  desk: Desk,
  call: string,
  clientOrderId: string,
  act: () => Promise<VenueReport>,
): Promise<Answer> {
  desk.note({ call }, clientOrderId);
  const report = await act();
  desk.note({ answered: call, told: report.status }, clientOrderId);
  return reported(report);
}

async function route(request: IncomingMessage, desk: Desk): Promise<Answer> {
  const { venue, events } = desk;
  const url = new URL(request.url ?? '/', 'http://venue');
  const [, noun, id] = url.pathname.split('/').map(decodeURIComponent);
  const action = `${request.method} /${noun}${id === undefined ? '' : '/:id'}`;
  if (action === 'POST /orders') {
    const { stopPrice, ...order } = parsed(wireOrder, await bodyOf(request));
    const whole = stopPrice === undefined ? order : { ...order, stopPrice };
    return noted(desk, 'submit', order.clientOrderId, () => venue.submit(whole, PATIENT));
  }
  if (action === 'DELETE /orders/:id' && id) {
    return noted(desk, 'cancel', id, () => venue.cancel(id, PATIENT));
  }
  if (action === 'GET /orders/:id' && id) {
    return noted(desk, 'lookup', id, () => venue.lookup(id, PATIENT));
  }
  if (action === 'GET /events') {
    const after = Number(url.searchParams.get('after') ?? 0);
    return { status: 200, body: await events.after(url.searchParams.get('life') ?? '', after, EVENTS_WAIT_MS) };
  }
  if (action === 'POST /quotes') {
    const quotes = parsed(wireQuotes, await bodyOf(request));
    for (const quote of quotes) await venue.onQuote(quote);
    return { status: 200, body: { quotes: quotes.length } };
  }
  if (action === 'GET /snapshot') return { status: 200, body: await venue.snapshot(PATIENT) };
  if (action === 'GET /health') return { status: 200, body: { status: 'ok', venue: venue.name } };
  throw new Refusal(404, `nothing at ${action}`);
}

/** An answer nobody can vouch for is a server's fault (5xx), so that the client calls it unresolved too. */
function reported(report: VenueReport): Answer {
  const status = report.status === 'unresolved' ? 503 : report.status === 'absent' ? 404 : 200;
  return { status, body: report };
}

function parsed<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T; error?: Error } },
  body: string,
): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
  const result = schema.safeParse(value);
  if (!result.success || result.data === undefined) throw new Refusal(400, result.error?.message ?? 'invalid body');
  return result.data;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > BODY_MAX_BYTES) throw new Refusal(413, 'the body is too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
