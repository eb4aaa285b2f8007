/**
 * Everybody who talks to the product of a world: requests with their answers, sockets with what they hear. Invariant: nothing is heard
 * from a process that has died, and everything that is heard is in the event log.
 */
import { answerText, type EventLog } from './event-log.ts';
import { type Answer, exchange, type HeardAnswer, type SentFile, toldOf, Upload } from './exchange.ts';
import type { Life } from './life.ts';
import type { Runner } from './runner.ts';
import { type HeardMessage, type Listening, listen } from './socket-line.ts';

type Headers = Readonly<Record<string, string>>;

/** The world around them. */
interface Around {
  /** The product's, while it has one. */
  life(): Life | undefined;
  readonly runner: Runner;
  readonly events: EventLog;
  /** The newest record that is durable. */
  durableSequence(): number;
  uploadCut(): void;
}

export class Callers {
  /** Requests without an answer so far. */
  readonly waiting = new Set<string>();
  readonly answers: HeardAnswer[] = [];
  /** On sockets, in order. */
  readonly messages: HeardMessage[] = [];
  /** Each that somebody began to send. */
  readonly filesSent: SentFile[] = [];

  constructor(private readonly around: Around) {}

  /** A request as a client would send it; undefined when the connection was refused or cut. */
  async request(
    name: string,
    method: string,
    path: string,
    headers: Headers,
    body?: unknown,
  ): Promise<Answer | undefined> {
    const { around } = this;
    const life = around.life();
    if (!life) return this.answered(name, undefined);
    const { died, product, door: ask } = life;
    const { api, runtime } = product;
    const { fetch } = api;
    const journalThen = { head: runtime.head, watermark: runtime.watermark };
    this.waiting.add(name);
    if (body instanceof Upload && body.options.file) this.filesSent.push(body.options.file);
    const askedAt = this.now;
    const asked = { method, path, headers, body };
    const line = { ask, fetch, sleep: around.runner.sleep, died };
    const answer = await exchange(asked, line).finally(() => this.waiting.delete(name));
    if (answer === 'cut') {
      if (body instanceof Upload && around.life() === life) around.uploadCut();
      return this.answered(name, undefined);
    }
    const durableSequence = around.durableSequence();
    const when = { askedAt, at: this.now, durableSequence, journalThen };
    this.answers.push({ ...answer, ...toldOf(asked), ...when, who: name });
    return this.answered(name, answer);
  }

  /**
   * A socket as a client would open it, until the client hangs up: what it heard, with 101, the code with which the product closed it, or
   * 1006 when the process died. An upgrade that is refused is answered like a request.
   */
  async listen(name: string, path: string, headers: Headers, listening: Listening): Promise<Answer | undefined> {
    const life = this.around.life();
    if (!life) return this.answered(name, undefined);
    const heard = (text: string): void => {
      this.messages.push({ at: this.now, who: name, path, text, durableSequence: this.around.durableSequence() });
      this.around.events.add('answer', this.now, `${name} hears ${text}`);
    };
    const { fetch } = life.product.api;
    const { sleep } = this.around.runner;
    const answer = await listen({ path, headers, listening }, { fetch, sleep, died: life.died, heard });
    return this.answered(name, answer === 'cut' ? undefined : answer);
  }

  private get now(): number {
    return this.around.runner.clock.marketNow();
  }

  private answered(name: string, answer: Answer | undefined): Answer | undefined {
    this.around.events.add('answer', this.now, answer ? `${name} ${answerText(answer)}` : `${name} cut`);
    return answer;
  }
}
