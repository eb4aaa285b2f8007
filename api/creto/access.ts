/**
 * Who reaches which trader. What belongs to another user does not exist for a caller, so that ids can't be probed; supervisors see
 * everything and may cancel, admins and services act for everybody. Nobody acts here for a bot or a run: its own door does.
 */
import { hasOwnAccount } from '../../domain/account.ts';
import type { TraderRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { actsForOthers, type Caller, seesAll } from '../kit/caller.ts';
import type { House } from '../kit/house.ts';
import { notFound, Problem } from '../kit/problem.ts';
import { perCaller, type RateLimits } from '../kit/route.ts';

const PER_AGENT = { name: 'creto-agent', max: 100, windowMs: 60_000 };
const limits: RateLimits['limits'] = [
  perCaller({ name: 'creto-user', max: 1_000, windowMs: 3_600_000 }),
  // Only who may see an agent can use up its limit.
  { rule: PER_AGENT, key: ({ subject }) => subject },
];
export const LIMITED: RateLimits = { limits, mode: 'counted' };
/** What makes things safer is never refused for its rate. */
export const NEVER_REFUSED: RateLimits = { limits, mode: 'shown' };

export const maySee = (caller: Caller, trader: TraderRow): boolean =>
  seesAll(caller) || (trader.userId === caller.sub && hasOwnAccount(trader));

const visible = (house: House, caller: Caller, id: string): TraderRow | undefined => {
  const trader = house.read.trader(id);
  return trader && maySee(caller, trader) ? trader : undefined;
};

/** The `subject` of routes whose path names an agent. */
export const agentIn =
  (param: 'id' | 'agentId') =>
  (params: Readonly<Record<string, string>>, caller: Caller, house: House): string | undefined =>
    visible(house, caller, params[param]!)?.id;

export function visibleTrader({ house, caller }: ApiCall, id: string): TraderRow {
  const trader = visible(house, caller, id);
  if (!trader) throw notFound('Agent', id);
  return trader;
}

/** The trader, if the caller may act for it and not only look. */
export function actedTrader(call: ApiCall, id: string): TraderRow {
  const trader = visibleTrader(call, id);
  if (trader.userId !== call.caller.sub && !actsForOthers(call.caller)) {
    throw new Problem('forbidden', 'User does not have permission to act for this agent');
  }
  if (!hasOwnAccount(trader)) {
    throw new Problem(
      'conflict',
      `${id} trades for a bot or a run on the account ${trader.accountId}: stop that instead`,
      {
        code: 'AGENT_BELONGS_TO_RUN',
      },
    );
  }
  return trader;
}
