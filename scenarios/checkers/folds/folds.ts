/** One of each fold. Checkers that are given the same ones share their work, and change nothing in them. */
import { AccountsFold } from './accounts.ts';
import { AgentsFold } from './agents.ts';
import { ApprovalsFold } from './approvals.ts';
import { HaltsFold } from './halts.ts';
import { OrdersFold } from './orders.ts';
import { QuotasFold } from './quotas.ts';

export class Folds {
  readonly orders = new OrdersFold();
  readonly accounts = new AccountsFold();
  readonly halts = new HaltsFold();
  readonly approvals = new ApprovalsFold();
  readonly quotas = new QuotasFold();
  readonly agents = new AgentsFold();
}
