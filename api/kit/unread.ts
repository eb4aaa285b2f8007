/**
 * What Node could not read as a request never reaches a route, and is still refused in the house's form, with a request id. The line
 * ends with it: where the next request would begin nobody knows.
 */
import { type IncomingMessage, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import type { Log } from '../../runtime/ports.ts';
import type { RenderedAnswer } from './idempotency.ts';
import { Problem, problemOf } from './problem.ts';

function problemOfLine(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem('head-too-large', 'The address or the headers are too long');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('timeout', 'The request took too long to arrive');
  return new Problem('malformed', 'This is no request that HTTP knows');
}

type Unreadable = NodeJS.ErrnoException & { readonly rawPacket?: Buffer; readonly bytesParsed?: number };
const REQUEST_LINE = /^[A-Z]+ (?:https?:\/\/[^/?#\s]*)?(\/[^?#\s]*)/;

/** Where a head was sent to that grew too long, if what came last begins with it and is of one request. */
function pathOf({ code, rawPacket, bytesParsed }: Unreadable): string | undefined {
  if (code !== 'HPE_HEADER_OVERFLOW' || !rawPacket) return undefined;
  const head = rawPacket.toString('latin1', 0, bytesParsed);
  return head.includes('\r\n\r\n') ? undefined : REQUEST_LINE.exec(head)?.[1];
}

interface Refusing {
  /** What a request is sent to that does not say it. */
  readonly host: string | undefined;
  readonly log: Log;
  refuse(problem: Problem, path: string): Response;
}

/** RFC 9112, 3.2: of this version a request says what it is sent to. Node itself would refuse it without a word. */
const lacksHost = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion === '1.1' && headers.host === undefined;

/** Serves what Node has read, and refuses what has no address. */
export function listenerOf(
  serve: Parameters<typeof getRequestListener>[0],
  { host, log, refuse }: Refusing,
): RequestListener {
  const errorHandler = (fault: unknown): Response => {
    if (fault instanceof RequestError)
      return refuse(new Problem('malformed', 'This is no address that HTTP knows'), '/');
    log.error('request.failed', { fault: String(fault) });
    return refuse(problemOf(fault), '/');
  };
  const hosted: typeof serve = (request, { incoming, outgoing }) =>
    lacksHost(incoming as IncomingMessage)
      ? refuse(new Problem('malformed', 'A Host header is required'), new URL(request.url).pathname)
      : serve(request, { incoming, outgoing } as HttpBindings);
  return getRequestListener(hosted, { errorHandler, ...(host !== undefined && { hostname: host }) });
}

/** `answerTo` renders a refusal and names the request. */
export function refuseUnread(
  server: Pick<Server, 'on' | 'emit'>,
  answerTo: (problem: Problem, path: string) => { readonly answer: RenderedAnswer; readonly requestId: string },
): void {
  const refuse = (socket: Duplex, problem: Problem, path = '/'): void => {
    const { answer, requestId } = answerTo(problem, path);
    const { status, text = '' } = answer;
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `X-Request-Id: ${requestId}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  };
  server.on('clientError', (error: Unreadable, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else refuse(socket, problemOfLine(error.code), pathOf(error));
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy());
    refuse(socket, new Problem('malformed', 'This is no proxy'));
  });
  // What else a client expects is passed over (RFC 9110, 10.1.1); Node would refuse it by itself.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
