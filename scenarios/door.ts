/**
 * The door of a served product without the socket: a request of a world goes the way that Node's server gives it, through the same adaptor.
 * Invariant: an answer is heard once, when all of it has been written.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Answer, Asked } from './exchange.ts';

/** Rejects when an answer breaks off. */
export type Door = (asked: Asked) => Promise<Answer>;

type Served = (request: Request) => Response | Promise<Response>;

const HOST = 'pitwall';
const BODILESS = new Set(['GET', 'HEAD']);

export function openDoor(served: Served): Door {
  const listener = getRequestListener((request) => served(request));
  return (asked) =>
    new Promise((resolve, reject) => {
      const outgoing = new Outgoing(resolve, reject) as unknown as ServerResponse;
      listener(incomingOf(asked), outgoing).catch(reject);
    });
}

/** What the adaptor reads of a request whose body has arrived. Its length is declared, as clients do. */
function incomingOf({ method, path, headers, body }: Asked): IncomingMessage {
  const rawBody = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const all: Record<string, string> = { host: HOST };
  for (const name in headers) all[name.toLowerCase()] = headers[name]!;
  if (!BODILESS.has(method)) all['content-length'] = String(rawBody.length);
  const rawHeaders: string[] = [];
  for (const name in all) rawHeaders.push(name, all[name]!);
  const incoming = { method, url: path, headers: all, rawHeaders, rawBody, readableEnded: true, socket: {} };
  return incoming as unknown as IncomingMessage;
}

/** What the adaptor writes to. */
class Outgoing {
  private status = 0;
  private pieces = '';
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly heard: (answer: Answer) => void,
    private readonly broken: (error: unknown) => void,
  ) {}

  writeHead(status: number): void {
    this.status = status;
  }

  write(piece: Uint8Array): boolean {
    this.pieces += this.decoder.decode(piece, { stream: true });
    return true;
  }

  end(last: string | Uint8Array = ''): void {
    const body = this.pieces + (typeof last === 'string' ? last : this.decoder.decode(last));
    this.heard({ status: this.status, body });
  }

  destroy(error: unknown): void {
    this.broken(error);
  }

  /** Nothing happens to a line that is not there. */
  on(): void {}
  off(): void {}
}
