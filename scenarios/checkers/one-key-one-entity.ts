/** An idempotency key names one entity for as long as it is held, a day: no second one, and no entity has two keys. */
import type { KeyClaimed } from '../../messages/key.ts';
import type { CheckedRecord, Checker, Report } from './checker.ts';
import { happenedAt } from './folds/facts.ts';

const HELD_MS = 24 * 60 * 60 * 1_000;

class OneKeyOneEntity implements Checker {
  readonly name = 'A2 one key, one entity';
  readonly takes = ['key.claimed'] as const;
  private readonly claims = new Map<string, { readonly entity: string; readonly at: number }>();
  private readonly keys = new Map<string, string>();

  onRecord(record: CheckedRecord, report: Report): void {
    if (record.type !== 'key.claimed') return;
    const { scope, key, entity } = record.message as KeyClaimed;
    const at = happenedAt(record);
    const name = `${scope}\n${key}`;
    const earlier = this.claims.get(name);
    if (earlier && at - earlier.at < HELD_MS)
      report(`the key ${key} named ${earlier.entity}, and ${at - earlier.at} ms later ${entity}`);
    const other = this.keys.get(entity);
    if (other !== undefined && other !== name) report(`the keys ${other} and ${key} both name ${entity}`);
    this.claims.set(name, { entity, at });
    this.keys.set(entity, name);
  }

  atRest(): void {}
}

export const oneKeyOneEntity = (): Checker => new OneKeyOneEntity();
