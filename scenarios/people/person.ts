/** Somebody at the door: a name, a token, and requests that are repeated with the same idempotency key when no answer came. */
import type { Random } from '../../runtime/ports.ts';
import type { Answer } from '../exchange.ts';
import type { World } from '../world.ts';

const RETRIES_MAX = 4;
const RETRY_SPREAD_MS = 8_000;

export class Person {
  private requests = 0;

  constructor(
    readonly world: World,
    readonly name: string,
    readonly token: string,
    readonly random: Random,
  ) {}

  get(path: string): Promise<Answer | undefined> {
    return this.once('GET', path, {});
  }

  /** Repeats until an answer that is not a 503 comes, or patience ends. */
  async insist(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer | undefined> {
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

  private once(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Answer | undefined> {
    const all = { authorization: `Bearer ${this.token}`, ...headers };
    return this.world.callers.request(`${this.name} ${method} ${path}`, method, path, all, body);
  }
}

export function parsed<T>(answer: Answer | undefined): T | undefined {
  return answer && answer.status < 300 && answer.body !== '' ? (JSON.parse(answer.body) as T) : undefined;
}
