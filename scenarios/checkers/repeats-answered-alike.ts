/**
 * A8. Who asks again with the same key and the same body is answered as the first time: with the very answer that was remembered, never
 * with a conflict of the two, and never about another entity. With another body than the key was claimed with nothing is done. What the house
 * cannot answer at all (5xx) is no answer.
 */
import { createHash } from 'node:crypto';
import type { KeyClaimed, KeySettled } from '../../messages/key.ts';
import type { CheckedAnswer, CheckedGroup, Checker, Report } from './checker.ts';
import { saidIn } from './folds/said.ts';

/** How all contracts say that a key was used with another body. */
const CONFLICT = 422;
const HELD_MS = 24 * 60 * 60 * 1_000;

interface First {
  readonly asked: string;
  readonly askedAt: number;
  readonly entity: string | undefined;
}

interface Remembered {
  readonly scope: string;
  readonly answer: NonNullable<KeySettled['answer']>;
  readonly landedAt: number;
}

interface Claimed {
  readonly scope: string;
  readonly bodyHash: string;
  readonly landedAt: number;
}

/** With the fields of each object in one order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, ordered(inner)] as const);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const hashOf = (asked: string): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(JSON.parse(asked))))
    .digest('hex');

/** By method, path and key: a scope begins with who asks. */
const nameIn = ({ scope, key }: Pick<KeyClaimed, 'scope' | 'key'>): string =>
  `${scope.slice(scope.indexOf(' ') + 1)} ${key}`;

/** What an answer is about. */
function entityOf({ status, body }: CheckedAnswer): string | undefined {
  if (status < 200 || status >= 300 || !body.startsWith('{')) return undefined;
  const said = saidIn(body);
  const { id, stop_id: stopId } = (said.trade ?? said) as Record<string, unknown>;
  const entity = id ?? stopId;
  return entity === undefined ? undefined : String(entity);
}

class RepeatsAnsweredAlike implements Checker {
  readonly name = 'A8 repeats answered alike';
  readonly takes = [];
  /** By who asks, method, path and key. */
  private readonly first = new Map<string, First>();
  /** By method, path and key; undefined where two callers have used the same one. */
  private readonly remembered = new Map<string, Remembered | undefined>();

  /** The same. */
  private readonly claims = new Map<string, Claimed | undefined>();

  onRecord(): void {}

  private claim({ scope, key, bodyHash }: KeyClaimed, landedAt: number): void {
    const name = nameIn({ scope, key });
    const isShared = this.claims.has(name) && this.claims.get(name)?.scope !== scope;
    this.claims.set(name, isShared ? undefined : { scope, bodyHash, landedAt });
  }

  onGroup({ records, landedAt }: CheckedGroup): void {
    for (const { type, message } of records) {
      if (type === 'key.claimed') this.claim(message as KeyClaimed, landedAt);
      if (type !== 'key.settled') continue;
      const { scope, key, answer } = message as KeySettled;
      if (!answer) continue;
      const name = nameIn({ scope, key });
      const isShared = this.remembered.has(name) && this.remembered.get(name)?.scope !== scope;
      this.remembered.set(name, isShared ? undefined : { scope, answer, landedAt });
    }
  }

  onAnswer(answer: CheckedAnswer, report: Report): void {
    const { who = '', method, path, key, asked, askedAt, status, body } = answer;
    if (key === undefined || asked === undefined) return;
    const name = `${method} ${path} ${key}`;
    if (this.isClaimedOtherwise(name, asked, askedAt)) {
      if (status < 300) report(`${name} was claimed with another body, and answered ${status} ${body}`);
      return;
    }
    const whose = `${who} ${name}`;
    const known = this.first.get(whose);
    const first = known && askedAt - known.askedAt < HELD_MS ? known : undefined;
    if (first && first.asked !== asked) return;
    const entity = entityOf(answer);
    this.first.set(whose, { asked, askedAt: first?.askedAt ?? askedAt, entity: first?.entity ?? entity });
    if (status >= 500) return;
    const remembered = this.remembered.get(name);
    if (status === CONFLICT && body.includes('Idempotency-Key'))
      report(`${name} was answered ${status}, and always had the same body: ${body}`);
    else if (remembered && remembered.landedAt < askedAt && askedAt - remembered.landedAt < HELD_MS)
      this.compare(name, remembered, answer, report);
    if (first?.entity !== undefined && entity !== undefined && first.entity !== entity)
      report(`${name} was about ${first.entity}, and asked again about ${entity}`);
  }

  private isClaimedOtherwise(name: string, asked: string, askedAt: number): boolean {
    const claim = this.claims.get(name);
    return claim !== undefined && askedAt - claim.landedAt < HELD_MS && claim.bodyHash !== hashOf(asked);
  }

  private compare(name: string, { answer }: Remembered, { status, body }: CheckedAnswer, report: Report): void {
    if (status !== answer.status || body !== answer.body)
      report(`${name} was answered ${answer.status} ${answer.body} first, and then ${status} ${body}`);
  }

  atRest(): void {}
}

export const repeatsAnsweredAlike = (): Checker => new RepeatsAnsweredAlike();
