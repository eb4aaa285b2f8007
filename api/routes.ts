/** All routes and sockets of all contracts, in one list each. A new contract adds its own here and nothing else. */
import { agentRoutes } from './creto/agents.ts';
import { oversightRoutes } from './creto/oversight.ts';
import { quotaRoutes } from './creto/quotas.ts';
import { cretoSocket } from './creto/stream.ts';
import { cretoSurface } from './creto/surface.ts';
import { tradeRoutes } from './creto/trades.ts';
import { eventSocket } from './events.ts';
import { executionRoutes } from './executions/executions.ts';
import { executionsSurface } from './executions/surface.ts';
import { taskRoutes } from './executions/tasks.ts';
import { houseAgentRoutes } from './house/agents.ts';
import { journalRoutes } from './house/journal.ts';
import { limitsRoutes } from './house/limits.ts';
import { marginRoutes } from './house/margin.ts';
import { reconciliationRoutes } from './house/reconciliation.ts';
import { reduceRoutes } from './house/reduce.ts';
import { houseRunRoutes } from './house/runs.ts';
import { seriesRoutes } from './house/series.ts';
import { houseSurface } from './house/surface.ts';
import { healthRoutes } from './kit/health.ts';
import { referenceRoutes } from './kit/reference.ts';
import type { Route } from './kit/route.ts';
import type { SocketRoute } from './kit/sockets.ts';
import type { Surface } from './kit/surface.ts';
import { oauthSurface, tokenRoutes } from './oauth/token.ts';
import { backtestRoutes } from './orca/backtest.ts';
import { botRoutes } from './orca/bots.ts';
import { orcaHealthRoutes } from './orca/health.ts';
import { orcaSurface } from './orca/surface.ts';
import { tradingRoutes } from './orca/trading.ts';
import { uploadRoutes } from './orca/upload.ts';
import { marketRoutes } from './platform/market.ts';
import { platformSurface } from './platform/surface.ts';
import { stopRoutes } from './tmt/stops.ts';
import { tmtSurface } from './tmt/surface.ts';

export const surfaces: readonly Surface[] = [
  platformSurface,
  tmtSurface,
  orcaSurface,
  cretoSurface,
  oauthSurface,
  houseSurface,
  executionsSurface,
];

const described: readonly Route[] = [
  ...agentRoutes,
  ...tradeRoutes,
  ...oversightRoutes,
  ...quotaRoutes,
  ...stopRoutes,
  ...orcaHealthRoutes,
  ...tradingRoutes,
  ...uploadRoutes,
  ...backtestRoutes,
  ...botRoutes,
  ...marketRoutes,
  ...limitsRoutes,
  ...marginRoutes,
  ...houseAgentRoutes,
  ...journalRoutes,
  ...reconciliationRoutes,
  ...reduceRoutes,
  ...seriesRoutes,
  ...houseRunRoutes,
  ...taskRoutes,
  ...executionRoutes,
  ...tokenRoutes,
  ...healthRoutes(platformSurface),
];

export const sockets: readonly SocketRoute[] = [cretoSocket, eventSocket];

export const routesOf = (version: string): readonly Route[] => [
  ...described,
  ...referenceRoutes(platformSurface, { routes: described, sockets }, version),
];
