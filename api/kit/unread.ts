/**
 * What Node could not read as a request never reaches a route, and is still refused in the house's form, with a request id. The line
 * ends with it: where the next request would begin nobody knows.
 */
import { type Server, STATUS_CODES } from 'node:http';
import type { RenderedAnswer } from './idempotency.ts';
import { Problem } from './problem.ts';

function problemOfLine(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem('head-too-large', 'The address or the headers are too long');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('timeout', 'The request took too long to arrive');
  return new Problem('malformed', 'This is no request that HTTP knows');
}

/** `answerTo` renders a refusal and names the request. */
export function refuseUnread(
  server: Pick<Server, 'on'>,
  answerTo: (problem: Problem) => { readonly answer: RenderedAnswer; readonly requestId: string },
): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { answer, requestId } = answerTo(problemOfLine(error.code));
    const { status, text = '' } = answer;
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `X-Request-Id: ${requestId}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  });
}
