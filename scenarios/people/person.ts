/** Somebody at the door: a name, a token, and requests that are repeated with the same idempotency key when no answer came. */
import type { Random } from '../../runtime/ports.ts';
import type { Answer } from '../exchange.ts';
import type { Listening } from '../socket-line.ts';
import type { World } from '../world.ts';
import type { Credentials } from './credentials.ts';

const RETRIES_MAX = 4;
const RETRY_SPREAD_MS = 8_000;

export class Person {
  private requests = 0;

  constructor(
    readonly world: World,
    readonly name: string,
    /** A token, or who has others than one. */
    private readonly shows: string | Credentials,
    readonly random: Random,
  ) {}

  get(path: string): Promise<Answer | undefined> {
    return this.once('GET', path, {});
  }

  /** Repeats until an answer that is not a 503 comes, or patience ends. */
  async insist(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer | undefined> {
    this.requests += 1;
    const headers: Record<string, string> =
      method === 'POST' ? { 'idempotency-key': `${this.name}-${this.requests}` } : {};
    let answer: Answer | undefined;
    for (let tries = 0; tries <= RETRIES_MAX; tries += 1) {
      answer = await this.once(method, path, headers, body);
      if (answer && answer.status !== 503) return answer;
      await this.world.runner.sleep(500 + Math.floor(this.random.next() * RETRY_SPREAD_MS));
    }
    return answer;
  }

  /** Asks once, whatever becomes of it; a key is sent as it is given. */
  ask(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, key?: string): Promise<Answer | undefined> {
    return this.once(method, path, key === undefined ? {} : { 'idempotency-key': key }, body);
  }

  /** Hears what is told on a socket until somebody hangs up; undefined when the connection was refused. */
  async listen(path: string, listening: Listening): Promise<Answer | undefined> {
    const token = await this.token();
    if (token === undefined) return undefined;
    const headers = { authorization: `Bearer ${token}` };
    return this.world.callers.listen(`${this.name} WS ${path}`, path, headers, listening);
  }

  private once(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Answer | undefined> {
    const ask = (token: string): Promise<Answer | undefined> => {
      const all = { authorization: `Bearer ${token}`, ...headers };
      return this.world.callers.request(`${this.name} ${method} ${path}`, method, path, all, body);
    };
    const token = this.token();
    if (typeof token === 'string') return ask(token);
    return token.then((given) => (given === undefined ? undefined : ask(given)));
  }

  private token(): string | Promise<string | undefined> {
    return typeof this.shows === 'string' ? this.shows : this.shows.token();
  }
}

export function parsed<T>(answer: Answer | undefined): T | undefined {
  return answer && answer.status < 300 && answer.body !== '' ? (JSON.parse(answer.body) as T) : undefined;
}
