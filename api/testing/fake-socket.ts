/** A socket for tests of protocols: keeps what was sent and why it was closed. */
import type { Socket } from '../kit/sockets.ts';

export interface SentMessage {
  readonly type?: string;
  readonly event_type?: string;
  readonly source?: string;
  readonly data?: Record<string, unknown>;
  readonly error?: { readonly code: string };
}

export class FakeSocket implements Socket {
  readonly sent: SentMessage[] = [];
  closed: number | undefined;
  bufferedAmount = 0;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as SentMessage);
  }

  close(code: number): void {
    this.closed = code;
  }
}
