/**
 * D4. A halt is never void: one whose commit was lost while the process lives is recorded again by the recovery, before any order is
 * submitted, held, intended or sent: a person's under its own id, the breaker's for the same account, which it concludes anew. (Who dies
 * before the receipt has stopped nothing, and was told so.) Where the agent that halts crashes over it, an order may come in until it is back:
 * it gets no further, because that agent is its first gate and takes the stop first.
 */
import type { TradingHalted } from '../../messages/halt.ts';
import type { AgentLifecycle } from '../../runtime/lifecycle.ts';
import type { StoredRecord } from '../../runtime/store.ts';
import type { CheckedCommit, CheckedGroup, Checker, Report, Rest } from './checker.ts';

/** What must not happen in between. */
const ORDERS_GO: ReadonlySet<string> = new Set(['order.submitted', 'order.held', 'order.intended', 'order.sent']);

/** A person's, a service's, or of what an account is worth; what an agent concluded from records it concludes again as it reads them again. */
const isFromOutside = ({ type, causationId }: StoredRecord): boolean => type === 'trading.halted' && causationId === 0;
/** Who signs a stop that nobody asked for. */
const BREAKER = 'circuit-breaker';

/** The agent that records halts. */
const HALTS = 'breaker';

/** What makes two halts the same stop. */
function stopIn({ payload }: StoredRecord): string {
  const { stopId, by, scope, targetId } = JSON.parse(payload) as TradingHalted;
  return by === BREAKER ? `of the ${scope} ${targetId}` : stopId;
}

class HaltsAreNeverVoid implements Checker {
  readonly name = 'D4 halts are never void';
  readonly takes = [];
  /** By stop, the connection whose commit was lost with it. */
  private readonly lost = new Map<string, number>();
  /** The agent that halts has crashed in this life of the house. */
  private isDown = false;

  onRecord(): void {}

  onLost({ group, connection }: CheckedCommit): void {
    for (const record of group.records) if (isFromOutside(record)) this.lost.set(stopIn(record), connection);
  }

  onGroup({ commit: { group, connection } }: CheckedGroup, report: Report): void {
    const { lost } = this;
    for (const [stopId, whose] of lost) if (whose < connection) lost.delete(stopId);
    for (const record of group.records) {
      this.noteLife(record);
      if (record.type === 'trading.halted') lost.delete(stopIn(record));
      if (lost.size === 0 || !ORDERS_GO.has(record.type)) continue;
      if (this.isDown && record.type === 'order.submitted') continue;
      for (const stopId of lost.keys())
        report(`${record.type} comes before the stop ${stopId}, which a lost commit took`);
      lost.clear();
    }
  }

  private noteLife({ type, payload }: StoredRecord): void {
    if (type === 'agent.recovered') this.isDown = false;
    if (type !== 'agent.crashed' && type !== 'agent.restarted') return;
    if ((JSON.parse(payload) as AgentLifecycle).agent === HALTS) this.isDown = type === 'agent.crashed';
  }

  atRest({ healed }: Rest, report: Report): void {
    if (!healed) return;
    for (const stopId of this.lost.keys())
      report(`the stop ${stopId}, which a lost commit took, was never recorded again`);
    this.lost.clear();
  }
}

export const haltsAreNeverVoid = (): Checker => new HaltsAreNeverVoid();
