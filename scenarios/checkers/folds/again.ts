/**
 * When an approved order goes through its gates again: from the yes on, or from its own word that it waits where a restart has kept it from
 * hearing so until then. What is rejected, or has expired, keeps what it has set aside until it ends.
 */
import type { Fact } from './facts.ts';

/** Whose second way begins. */
type Whose = { readonly orderId: string; readonly traderId: string };

export class Again {
  private readonly held = new Set<string>();
  private readonly approved = new Set<string>();

  /** With this fact; undefined: nobody's. */
  begins(fact: Fact): Whose | undefined {
    switch (fact.type) {
      case 'order.held':
        this.held.add(fact.ticket.orderId);
        return this.approved.has(fact.ticket.orderId) ? fact.ticket : undefined;
      case 'approval.decided':
        if (fact.decision !== 'approved') return undefined;
        this.approved.add(fact.orderId);
        return this.held.has(fact.orderId) ? fact : undefined;
      case 'order.ended':
        this.held.delete(fact.orderId);
        this.approved.delete(fact.orderId);
        return undefined;
      default:
        return undefined;
    }
  }
}
