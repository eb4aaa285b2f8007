/**
 * Which agents exist and who restarts whom. The order flow stands first and stops last; what only observes stands behind it. At most
 * three restarts of a group in ten minutes pass at the top: then the house gives up, halted.
 */
import { analysisAgent } from '../agents/analysis/analysis.ts';
import { autoTraderAgent } from '../agents/auto-trader/auto-trader.ts';
import { breakerAgent } from '../agents/breaker/breaker.ts';
import { complianceAgent } from '../agents/compliance/compliance.ts';
import { feedAgent } from '../agents/feed/feed.ts';
import { keysAgent } from '../agents/keys/keys.ts';
import { limitsAgent } from '../agents/limits/limits.ts';
import { meteringAgent } from '../agents/metering/metering.ts';
import { ordersAgent } from '../agents/orders/orders.ts';
import { oversightAgent } from '../agents/oversight/oversight.ts';
import { performanceAgent } from '../agents/performance/performance.ts';
import { portfolioAgent } from '../agents/portfolio/portfolio.ts';
import { quotaAgent } from '../agents/quota/quota.ts';
import type { OwnBooks } from '../agents/reconciliation/books.ts';
import { reconciliationAgent } from '../agents/reconciliation/reconciliation.ts';
import { riskAgent } from '../agents/risk/risk.ts';
import { runsAgent } from '../agents/runs/runs.ts';
import type { RunWork } from '../agents/runs/work.ts';
import { strategiesAgent } from '../agents/strategies/strategies.ts';
import { tradersAgent } from '../agents/traders/traders.ts';
import type { Venue } from '../agents/venue.ts';
import type { TradingLimits } from '../messages/limits.ts';
import type { AgentDefinition, SupervisorSpec } from '../runtime/agent.ts';

export interface RosterOptions {
  readonly venue: Venue;
  /** Our own books, as they are held against the venue's. */
  readonly books: OwnBooks;
  /** How far an account's cash may be from the venue's, in account currency. */
  readonly cashTolerance: string;
  /** A clock that nobody puts forward or back, in milliseconds. */
  readonly monotonic: () => number;
  /** Where runs are carried out. */
  readonly runs: RunWork;
  /** May orders be varied at all? */
  readonly variance: boolean;
  /** In force until somebody changes them; undefined: none is configured, and nothing is allowed. */
  readonly limits: TradingLimits | undefined;
  readonly autonomousThreshold: string;
  readonly fourEyes: boolean;
  readonly quotaDailyTrades: number;
  readonly quotaDailyVolume: number;
  /** The trader for which signals are traded, if there is one. */
  readonly autoTrader:
    | {
        readonly traderId: string;
        readonly accountId: string;
        readonly userId: string;
        readonly symbols: readonly string[];
        readonly orderValueMax: string;
      }
    | undefined;
}

/** Longer than ten delays of the backoff, so that an agent which never gets well escalates. */
const INTENSITY = { max: 10, periodMs: 60_000 } as const;
const BACKOFF = { minMs: 50, maxMs: 5_000, resetAfterMs: 30_000 } as const;

const group = (name: string, agents: readonly AgentDefinition[]): SupervisorSpec => ({
  name,
  strategy: 'one-for-one',
  intensity: INTENSITY,
  children: agents.map((agent) => ({ agent, backoff: BACKOFF })),
});

export function rosterOf(options: RosterOptions): SupervisorSpec {
  const { venue, books, limits, autonomousThreshold, fourEyes, quotaDailyTrades, quotaDailyVolume, autoTrader } =
    options;
  return {
    name: 'house',
    strategy: 'one-for-one',
    intensity: { max: 3, periodMs: 600_000 },
    children: [
      group('order-flow', [
        limitsAgent(limits),
        breakerAgent({ limits, fourEyes }),
        complianceAgent(limits),
        riskAgent(limits),
        quotaAgent({ dailyTrades: quotaDailyTrades, dailyVolume: quotaDailyVolume }),
        oversightAgent({ thresholdUsd: autonomousThreshold, fourEyes, policyVersion: '1' }),
        keysAgent(),
        tradersAgent(),
        ordersAgent({ venue, autonomousThreshold, variance: options.variance, monotonic: options.monotonic }),
        reconciliationAgent({ venue, books, cashTolerance: options.cashTolerance }),
      ]),
      group('books', [portfolioAgent(limits), performanceAgent(), meteringAgent()]),
      group('background', [runsAgent(options.runs), strategiesAgent()]),
      group('market', [feedAgent(), analysisAgent(), ...(autoTrader ? [autoTraderAgent(autoTrader)] : [])]),
    ],
  };
}
