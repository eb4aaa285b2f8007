/** Oversight requests as the records tell them; the first decision stands. */
import type { ApprovalRequest } from '../../../messages/approval.ts';
import type { CheckedRecord, Fold } from '../checker.ts';
import { factOf, happenedAt } from './facts.ts';

export interface FoldedApproval {
  readonly request: ApprovalRequest;
  readonly sequence: number;
  readonly requestedAt: number;
  readonly decided:
    | { readonly decision: string; readonly by: string; readonly at: number; readonly comment: string | undefined }
    | undefined;
}

export class ApprovalsFold implements Fold {
  readonly takes = ['approval.requested', 'approval.repriced', 'approval.decided'] as const;
  readonly all = new Map<string, FoldedApproval>();

  apply(record: CheckedRecord): void {
    const fact = factOf(record);
    if (fact.type === 'approval.requested') {
      const { type, at, ...request } = fact;
      const requestedAt = happenedAt(record);
      this.all.set(request.requestId, { request, sequence: record.sequence, requestedAt, decided: undefined });
    } else if (fact.type === 'approval.repriced') {
      const known = this.all.get(fact.requestId);
      if (!known || known.decided) return;
      const { shownPrice, band, contentHash } = fact;
      this.all.set(fact.requestId, { ...known, request: { ...known.request, shownPrice, band, contentHash } });
    } else if (fact.type === 'approval.decided') {
      const known = this.all.get(fact.requestId);
      if (!known || known.decided) return;
      const { decision, by, comment, reason } = fact;
      const decided = { decision, by, at: happenedAt(record), comment: comment ?? reason };
      this.all.set(fact.requestId, { ...known, decided });
    }
  }
}
