/**
 * A socket of a world: the upgrade goes the product's own way, and behind it the line is held here instead of by a server of Node's.
 * Invariant: what is over hears nothing, on either side.
 */
import type { Answer } from './exchange.ts';

/** What somebody heard on a socket. */
export interface HeardMessage {
  readonly at: number;
  readonly who: string;
  readonly path: string;
  readonly text: string;
  /** The newest record that was durable at that moment. */
  readonly durableSequence: number;
}

/** The product's end of the line. */
interface Session {
  received(text: string): void;
  closed(): void;
}

export interface Listening {
  /** Said once it is open, in order. */
  readonly say: readonly string[];
  /** When the client hangs up. */
  readonly forMs: number;
}

interface Opening {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly listening: Listening;
}

interface Line {
  readonly fetch: (request: Request, env: { readonly line: object }) => Response | Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
  /** The process that serves is gone. */
  readonly died: Promise<'cut'>;
  readonly heard: (text: string) => void;
}

/** Codes of RFC 6455, 7.4.1; 101 is no code of a close, and stands for a line that was open when the client left it. */
export const LEFT = 101;
const ABNORMAL = 1006;
/** More than this nobody keeps; the count goes on. */
const KEPT_MAX = 5_000;

/** What the product is handed as its connection: `HeldLine` and `Socket` of api/kit/sockets.ts. */
class SocketLine {
  readonly socket = this;
  /** A client of a world reads at once. */
  readonly bufferedAmount = 0;
  readonly closed: Promise<number>;
  private session: Session | undefined;
  private endWith: (code: number) => void = () => undefined;
  private isOver = false;
  private count = 0;
  private readonly kept: unknown[] = [];

  constructor(private readonly heard: (text: string) => void) {
    this.closed = new Promise((resolve) => {
      this.endWith = resolve;
    });
  }

  get isOpen(): boolean {
    return this.session !== undefined;
  }

  opened(session: Session): void {
    this.session = session;
  }

  send(text: string): void {
    if (this.isOver) return;
    this.heard(text);
    this.count += 1;
    if (this.kept.length < KEPT_MAX) this.kept.push(JSON.parse(text));
  }

  close(code: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.endWith(code);
  }

  say(text: string): void {
    if (!this.isOver) this.session?.received(text);
  }

  /** The other side learns of it. */
  hangUp(code: number): void {
    if (this.isOver) return;
    this.close(code);
    this.session?.closed();
  }

  answer(status: number): Answer {
    return { status, body: JSON.stringify({ count: this.count, heard: this.kept }) };
  }
}

export async function listen({ path, headers, listening }: Opening, line: Line): Promise<Answer | 'cut'> {
  const { sleep, died, heard } = line;
  const held = new SocketLine(heard);
  void died.then(() => held.close(ABNORMAL));
  const all = { connection: 'Upgrade', upgrade: 'websocket', ...headers };
  const request = new Request(`http://pitwall${path}`, { headers: all });
  const response = await Promise.race([died, line.fetch(request, { line: held })]);
  if (response === 'cut') return 'cut';
  if (!held.isOpen) return { status: response.status, body: await response.text() };
  for (const text of listening.say) held.say(text);
  void sleep(listening.forMs).then(() => held.hangUp(LEFT));
  return held.answer(await held.closed);
}
