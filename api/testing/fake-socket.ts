/** A socket for tests of protocols: keeps what was sent and why it was closed. */
import { toClient } from '../kit/client-session.ts';
import type { Socket, SocketRoute } from '../kit/sockets.ts';

export interface SentMessage {
  readonly type?: string;
  readonly event_type?: string;
  readonly source?: string;
  readonly data?: Record<string, unknown>;
  readonly error?: { readonly code: string };
}

export class FakeSocket implements Socket {
  readonly sent: SentMessage[] = [];

  /** Everything that is sent is held against what the document says of the socket. */
  constructor(private readonly route: SocketRoute) {}

  closed: number | undefined;
  bufferedAmount = 0;

  send(text: string): void {
    const message: unknown = JSON.parse(text);
    toClient(this.route).parse(message);
    this.sent.push(message as SentMessage);
  }

  close(code: number): void {
    this.closed = code;
  }
}
