/** Which halts are in force after the records so far. */
import type { Halt } from '../../../messages/halt.ts';
import type { CheckedRecord, Fold } from '../checker.ts';
import { factOf, happenedAt } from './facts.ts';

export interface FoldedHalt {
  readonly halt: Halt;
  readonly sequence: number;
  readonly haltedAt: number;
  readonly resolved: { readonly by: string; readonly reason: string; readonly at: number } | undefined;
}

export class HaltsFold implements Fold {
  readonly takes = ['trading.halted', 'trading.resumed'] as const;
  /** All that ever were, by stop id. */
  readonly all = new Map<string, FoldedHalt>();
  readonly active = new Map<string, Halt>();
  /** Sequence of the last record that said anything about halts. */
  lastSequence = 0;

  apply(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type === 'trading.halted') {
      const { type, at, ...halt } = fact;
      this.lastSequence = record.sequence;
      this.active.set(halt.stopId, halt);
      this.all.set(halt.stopId, {
        halt,
        sequence: record.sequence,
        haltedAt: happenedAt(record),
        resolved: undefined,
      });
    } else if (fact.type === 'trading.resumed') {
      this.lastSequence = record.sequence;
      this.active.delete(fact.stopId);
      const known = this.all.get(fact.stopId);
      const resolved = { by: fact.by, reason: fact.reason, at: happenedAt(record) };
      if (known && !known.resolved) this.all.set(fact.stopId, { ...known, resolved });
    }
  }

  /** `reduces`: what only reduces is not covered by a halt that lets reduction pass. */
  covering(accountId: string, traderId: string, reduces = false): Halt | undefined {
    for (const halt of this.active.values()) {
      if (reduces && halt.mode === 'reduce') continue;
      const target = { system: undefined, account: accountId, agent: traderId }[halt.scope];
      if (halt.scope === 'system' || halt.targetId === target) return halt;
    }
    return undefined;
  }
}
