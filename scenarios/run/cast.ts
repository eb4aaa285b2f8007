/**
 * The people of a scenario at the doors: each has a client of its own and asks for tokens as any client does. Without a name it is the
 * development user, who may do everything. Every answer is written down.
 */
import type { Random } from '../../runtime/ports.ts';
import type { ProductSettings } from '../../system/ports.ts';
import type { Answer } from '../exchange.ts';
import type { WorldPart } from '../file/world-part.ts';
import { parsed } from '../people/person.ts';
import type { Listening } from '../socket-line.ts';
import type { World } from '../world.ts';
import type { Recorder } from './recorder.ts';

export const DEVELOPMENT_USER = 'user-123';
const DEVELOPMENT_TOKEN = 'test-bearer-token';
/** Whoever opens the world or looks at it insists for so long. */
const INSISTS_MS = 60_000;
const PAUSE_MIN_MS = 500;
const PAUSE_SPREAD_MS = 4_000;
/** A token is asked for again this long before its end. */
const TOKEN_SPARE_MS = 60_000;

type Client = ProductSettings['api']['clients'][number];

const secretOf = (name: string): string => `${name}-of-this-scenario`;

export const clientsOf = (people: WorldPart['people']): Client[] =>
  Object.entries(people).map(([name, { roles, accounts }]) => ({
    clientId: name,
    secret: secretOf(name),
    sub: name,
    roles,
    accounts,
  }));

export interface Sending {
  readonly by: string | undefined;
  readonly method: string;
  readonly path: string;
  /** Sent as JSON, but for an upload. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The `Idempotency-Key`; one of its own when absent. Only sent where something is made. */
  readonly key?: string;
  /** Sends again with the same key while the answer is 503 or none. */
  readonly insist: boolean;
  /** Market time up to which it does. */
  readonly insistUntil?: number;
}

export interface Hearing extends Pick<Sending, 'by' | 'path' | 'headers'>, Listening {}

interface Held {
  readonly token: string;
  readonly untilMs: number;
}

export class Cast {
  private requests = 0;
  private readonly tokens = new Map<string, Promise<Held>>();

  constructor(
    private readonly world: World,
    private readonly recorder: Recorder,
    private readonly random: Random,
  ) {}

  /** Undefined when there was no answer: refused, or cut by a crash. */
  async send(sending: Sending): Promise<Answer | undefined> {
    this.requests += 1;
    const key = sending.key ?? `scenario-${this.requests}`;
    const { insist, insistUntil = this.world.now + INSISTS_MS } = sending;
    return this.again(insist ? insistUntil : this.world.now, async () => {
      const token = await this.tokenOf(sending.by);
      return this.once(sending, {
        authorization: `Bearer ${token}`,
        ...(sending.method === 'POST' && { 'idempotency-key': key }),
      });
    });
  }

  /** Hears what is told on a socket until somebody hangs up; undefined when the connection was refused. */
  async listen({ by, path, headers, say, forMs }: Hearing): Promise<Answer | undefined> {
    const name = by ?? DEVELOPMENT_USER;
    const own = { authorization: `Bearer ${await this.tokenOf(by)}` };
    const askedAtMs = this.recorder.atMs;
    const answer = await this.world.callers.listen(`${name} WS ${path}`, path, { ...own, ...headers }, { say, forMs });
    this.recorder.answers.push({ askedAtMs, atMs: this.recorder.atMs, by: name, method: 'WS', path, ...answer });
    return answer;
  }

  private async again(until: number, attempt: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
    for (;;) {
      const answer = await attempt();
      if (this.world.now >= until || (answer && answer.status !== 503)) return answer;
      await this.world.runner.sleep(PAUSE_MIN_MS + Math.floor(this.random.next() * PAUSE_SPREAD_MS));
    }
  }

  private async once(
    { by = DEVELOPMENT_USER, method, path, body, headers }: Sending,
    own: Readonly<Record<string, string>>,
  ): Promise<Answer | undefined> {
    const askedAtMs = this.recorder.atMs;
    const name = `${by} ${method} ${path}`;
    const answer = await this.world.callers.request(name, method, path, { ...own, ...headers }, body);
    this.recorder.answers.push({ askedAtMs, atMs: this.recorder.atMs, by, method, path, ...answer });
    return answer;
  }

  private async tokenOf(name: string | undefined): Promise<string> {
    if (name === undefined) return DEVELOPMENT_TOKEN;
    const held = this.tokens.get(name);
    if (held && (await held).untilMs > this.world.now) return (await held).token;
    const fresh = this.ask(name);
    this.tokens.set(name, fresh);
    // Who got none asks again the next time.
    fresh.catch(() => this.tokens.delete(name));
    return (await fresh).token;
  }

  private async ask(name: string): Promise<Held> {
    const body = { grant_type: 'client_credentials', client_id: name, client_secret: secretOf(name) };
    const sending: Sending = { by: name, method: 'POST', path: '/oauth/token', body, insist: true };
    const answer = await this.again(this.world.now + INSISTS_MS, () => this.once(sending, {}));
    const granted = parsed<{ readonly access_token: string; readonly expires_in: number }>(answer);
    if (!granted) throw new Error(`${name} got no token: ${answer?.status ?? 'no answer'} ${answer?.body ?? ''}`);
    return { token: granted.access_token, untilMs: this.world.now + granted.expires_in * 1_000 - TOKEN_SPARE_MS };
  }
}
