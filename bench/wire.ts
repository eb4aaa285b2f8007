/**
 * One keep-alive HTTP/1.1 connection that costs its process little, so that the load generator is not what is measured. One request
 * at a time; bodies by content-length or chunked; a connection that ends in the middle rejects.
 */
import { connect, type Socket } from 'node:net';

export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/** A whole request as bytes; made once, sent often. */
export function requestBytes(method: string, path: string, host: string, token: string, body?: unknown): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const content = text === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`;
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n${content}\r\n${text}`,
  );
}

export class Wire {
  private received: Buffer = Buffer.alloc(0);
  private ended: Error | undefined;
  private waiting: { resolve(answer: WireAnswer): void; reject(error: Error): void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  static open(host: string, port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host, () => resolve(new Wire(socket)));
      socket.once('error', reject);
    });
  }

  send(request: Buffer): Promise<WireAnswer> {
    if (this.waiting) throw new Error('Invariant: one request at a time on a connection');
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd).toLowerCase();
    const rest = this.received.subarray(headEnd + HEAD_END.length);
    const body = /transfer-encoding:\s*chunked/.test(head) ? dechunked(rest) : sized(head, rest);
    if (body === undefined) return;
    const waiting = this.waiting;
    this.waiting = undefined;
    this.received = Buffer.alloc(0);
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: body.toString('utf8') });
  }

  private fail(error: Error): void {
    this.ended ??= error;
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

/** The body once it is complete, else undefined. */
function sized(head: string, rest: Buffer): Buffer | undefined {
  const length = Number(/content-length:\s*(\d+)/.exec(head)?.[1] ?? 0);
  return rest.length >= length ? rest.subarray(0, length) : undefined;
}

function dechunked(rest: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let offset = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', offset);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(rest.toString('latin1', offset, lineEnd), 16);
    const start = lineEnd + 2;
    if (rest.length < start + length + 2) return undefined;
    if (length === 0) return Buffer.concat(parts);
    parts.push(rest.subarray(start, start + length));
    offset = start + length + 2;
  }
}
