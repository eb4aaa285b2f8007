/** Which agents are at work, after the records so far? One that has crashed reads nothing and does nothing until it is restarted from its rows. */
import type { AgentLifecycle } from '../../../runtime/lifecycle.ts';
import type { CheckedRecord, Fold } from '../checker.ts';
import { happenedAt } from './facts.ts';

const TYPES = ['agent.crashed', 'agent.escalated', 'agent.restarted'] as const;
const TAKEN: ReadonlySet<string> = new Set(TYPES);

export class AgentsFold implements Fold {
  readonly takes = TYPES;
  /** By agent, the epoch in which it went; a life of the whole house begins with everybody. */
  private readonly awaySince = new Map<string, number>();
  private readonly restartedAt = new Map<string, number>();

  apply(record: CheckedRecord): void {
    const { message, epoch } = record;
    if (!TAKEN.has(message.type)) return;
    const { type, agent, agents = [agent] } = message as AgentLifecycle;
    if (type === 'agent.restarted') {
      this.awaySince.delete(agent);
      this.restartedAt.set(agent, happenedAt(record));
    } else for (const one of agents) this.awaySince.set(one, epoch);
  }

  isAway(agent: string, epoch: number): boolean {
    return this.awaySince.get(agent) === epoch;
  }

  /** When it was last restarted alone, in market time. */
  backAt(agent: string): number {
    return this.restartedAt.get(agent) ?? Number.NEGATIVE_INFINITY;
  }
}
