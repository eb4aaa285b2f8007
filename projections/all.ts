/** All projections, in the order in which they see a record: the ledger reads the position before a fill, `fills` moves it. */
import { accounts } from './accounts.ts';
import { approvals } from './approvals.ts';
import { fills } from './fills.ts';
import { halts } from './halts.ts';
import { ledger } from './ledger.ts';
import { orders } from './orders.ts';
import type { Projection } from './projection.ts';
import { runs } from './runs.ts';
import { tasks } from './tasks.ts';
import { traders } from './traders.ts';
import { usage } from './usage.ts';

export const PROJECTIONS: readonly Projection[] = [
  accounts,
  traders,
  orders,
  approvals,
  halts,
  ledger,
  fills,
  usage,
  tasks,
  runs,
];

/** By record type; types without a projection are absent. */
export const projectionsOn: ReadonlyMap<string, readonly Projection[]> = (() => {
  const byType = new Map<string, Projection[]>();
  for (const projection of PROJECTIONS) {
    for (const type of projection.on) byType.set(type, [...(byType.get(type) ?? []), projection]);
  }
  return byType;
})();
