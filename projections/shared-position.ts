/** Runs that trade live on one account and instrument share one position there. That is allowed: whoever starts one more is told, and its events say it. */
import type { TaskRow } from './rows.ts';
import type { RunReads } from './run-reads.ts';

const OTHERS_TOLD = 20;

/** Sentences, none when there is no other. `others`: numbers of the open runs. */
export function sharedPositionNotices(
  symbol: string,
  accountId: string | null,
  others: readonly number[],
): readonly string[] {
  if (others.length === 0) return [];
  const who = others.length === 1 ? `Execution ${others[0]} trades` : `Executions ${others.join(', ')} trade`;
  return [
    `${who} ${symbol} on account ${accountId} too: the account holds one position for all of them, so that one may close or turn what another has opened.`,
  ];
}

/** The same about all open runs on a task's account but its own, whoever has started them. */
export async function sharingNotices(
  runs: Pick<RunReads, 'tasks'>,
  { id, symbol, accountId }: Pick<TaskRow, 'id' | 'symbol' | 'accountId'>,
): Promise<readonly string[]> {
  if (accountId === null) return [];
  const { rows } = await runs.tasks({ taskType: 'trading', open: true, symbol, accountId }, OTHERS_TOLD, 0);
  const others = rows.flatMap((row) => (row.id === id ? [] : (row.executionId ?? [])));
  return sharedPositionNotices(symbol, accountId, others);
}
