/**
 * A request as a client sends it, and its answer as the client reads it. What is uploaded takes its time, and the line may be cut in the
 * middle of the file or of the answer. Invariant: behind a cut, or the death of the process, nothing arrives any more on either side.
 */

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An answer as somebody heard it. */
export interface HeardAnswer extends Answer {
  readonly askedAt: number;
  readonly at: number;
  readonly who: string;
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  /** Body of the request, as JSON; absent for an upload. */
  readonly asked?: string;
  /** What was shown at the door. */
  readonly authorization?: string;
  /** The newest record that was durable at that moment. */
  readonly durableSequence: number;
  /** The product's journal when it was asked. */
  readonly journalThen: { readonly head: number; readonly watermark: number };
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Beside the type of the body, unless they say another. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON, but for an upload. */
  readonly body?: unknown;
}

/** What the sender of a tick file knows of it. */
export interface SentFile {
  /** Of its instrument, however the form spells it. */
  readonly symbol: string;
  /** Lines of data. */
  readonly rows: number;
}

export interface UploadOptions {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Absent in a form without a file, or whose file is of no instrument. */
  readonly file?: SentFile;
  /** How long sending takes. */
  readonly takesMs: number;
  /** The line is cut so long after the request began: once, whoever asks again gets through. */
  readonly cutAfterMs?: number | undefined;
}

/** A form, sent piece by piece. */
export class Upload {
  private cutsLeft: number;

  constructor(readonly options: UploadOptions) {
    this.cutsLeft = options.cutAfterMs === undefined ? 0 : 1;
  }

  /** Of the request that begins now. */
  takeCut(): number | undefined {
    if (this.cutsLeft === 0) return undefined;
    this.cutsLeft -= 1;
    return this.options.cutAfterMs;
  }
}

type Told = Pick<HeardAnswer, 'method' | 'path' | 'key' | 'asked' | 'authorization'>;

/** Of a request, what stands beside its answer. */
export function toldOf({ method, path, headers, body }: Asked): Told {
  const { authorization, 'idempotency-key': key } = headers;
  const isJson = body !== undefined && !(body instanceof Upload);
  return {
    method,
    path,
    ...(authorization !== undefined && { authorization }),
    ...(key !== undefined && { key }),
    ...(isJson && { asked: JSON.stringify(body) }),
  };
}

export interface Line {
  readonly ask: (asked: Asked) => Promise<Answer>;
  /** For what is sent piece by piece. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
  /** The process that answers is gone. */
  readonly died: Promise<'cut'>;
}

const PIECES = 16;
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export async function exchange(asked: Asked, line: Line): Promise<Answer | 'cut'> {
  const { method, path, body } = asked;
  const type = body instanceof Upload ? body.options.contentType : 'application/json';
  const headers = { ...(body !== undefined && { 'content-type': type }), ...asked.headers };
  if (body instanceof Upload) return new Uploading(body, line).over(`http://pitwall${path}`, { method, headers });
  return Promise.race([line.died, line.ask({ ...asked, headers })]);
}

class Uploading {
  private isOver = false;
  private sent = 0;
  private sending: ReadableStreamDefaultController<Uint8Array> | undefined;
  private reading: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(
    private readonly upload: Upload,
    private readonly line: Line,
  ) {}

  async over(url: string, init: RequestInit): Promise<Answer | 'cut'> {
    const { died } = this.line;
    void died.then(() => {
      this.isOver = true;
    });
    const outcome = await Promise.race([died, this.cut(), this.answer(new Request(url, this.withBody(init)))]);
    this.isOver = true;
    return outcome;
  }

  private withBody(init: RequestInit): RequestInit {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.sending = controller;
      },
      pull: () => this.send(),
    });
    // A body that is a stream has to say so; the type of `RequestInit` does not know it yet.
    return { ...init, body, duplex: 'half' } as RequestInit;
  }

  private async send(): Promise<void> {
    const { bytes, takesMs } = this.upload.options;
    await this.line.sleep(Math.round(takesMs / PIECES));
    if (this.isOver) return never();
    const piece = bytes.subarray(this.sent, this.sent + Math.ceil(bytes.length / PIECES));
    this.sent += piece.length;
    if (piece.length > 0) this.sending?.enqueue(piece);
    if (this.sent >= bytes.length) {
      this.sending?.close();
      this.sending = undefined;
    }
  }

  private async cut(): Promise<'cut'> {
    const afterMs = this.upload.takeCut();
    if (afterMs === undefined) return never();
    await this.line.sleep(afterMs);
    if (this.isOver) return never();
    this.isOver = true;
    this.sending?.error(new Error('the connection was cut'));
    await this.reading?.cancel();
    return 'cut';
  }

  private async answer(request: Request): Promise<Answer> {
    const response = await this.line.fetch(request);
    const { status } = response;
    if (!response.body) return { status, body: '' };
    this.reading = response.body.getReader();
    const decoder = new TextDecoder();
    let body = '';
    for (;;) {
      const { done, value } = await this.reading.read();
      // What is cut off ends as well, and is no answer.
      if (this.isOver) return never();
      if (done) return { status, body };
      body += decoder.decode(value, { stream: true });
    }
  }
}
