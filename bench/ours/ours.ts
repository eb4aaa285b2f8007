/** Our side of the figures: one entry each. */
import { WARM_REPETITIONS } from '../backtests.ts';
import type { Side } from '../measure.ts';
import { fanin, machineSend, pingpong } from './actors.ts';
import { maxBacktest, smaBacktest, storeBacktest } from './backtests.ts';
import { durableOrders, embeddedOrders } from './durable.ts';
import { functionAgentBytes, functionEntityBytes, machineAgentBytes, machineEntityBytes } from './idle.ts';
import { importEmbedded, importMemory, importPostgres, ticksRead, ticksSize } from './imports.ts';
import { cancelsP99, ordersP99, stopsP99, urgentAnswered } from './latency.ts';
import { orcaReads, orcaReadsP99, reads, readsP99 } from './reads.ts';
import { differentHashes, doubleRuns, embeddedEqual } from './repeats.ts';
import { simulatedOrders } from './simulated.ts';
import { emptyStartUp, freshStartUp, historyStartUp } from './start-up.ts';
import { seedsOfThreeHours, simulatedWorldSpeed } from './worlds.ts';

export const ours: Side = {
  'backtest-max-warm': maxBacktest(WARM_REPETITIONS),
  'backtest-max-cold': maxBacktest(1),
  'backtest-sma': smaBacktest,
  'backtest-store': storeBacktest,
  pingpong,
  fanin,
  'machine-send': machineSend,
  'idle-function-agent': functionAgentBytes,
  'idle-machine-agent': machineAgentBytes,
  'idle-function-entity': functionEntityBytes,
  'idle-machine-entity': machineEntityBytes,
  'simulated-orders': simulatedOrders,
  'simulated-world-speed': simulatedWorldSpeed,
  'seeds-3h': seedsOfThreeHours,
  'double-runs': doubleRuns,
  'different-hashes': differentHashes,
  'embedded-equal': embeddedEqual,
  'durable-orders-128': durableOrders(128),
  'durable-orders-32': durableOrders(32),
  'embedded-orders-128': embeddedOrders(128),
  'orders-p99': ordersP99,
  'stops-p99': stopsP99,
  'cancels-p99': cancelsP99,
  'urgent-answered': urgentAnswered,
  'agent-reads': reads('agent'),
  'trade-list-reads': reads('trades'),
  'reads-p99': readsP99,
  'orca-reads': orcaReads,
  'orca-reads-p99': orcaReadsP99,
  'start-up-fresh': freshStartUp,
  'start-up-empty': emptyStartUp,
  'start-up-100k-orders': historyStartUp,
  'import-postgres': importPostgres,
  'import-embedded': importEmbedded,
  'import-memory': importMemory,
  'ticks-size': ticksSize,
  'ticks-read': ticksRead,
};
