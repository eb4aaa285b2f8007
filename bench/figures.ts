/**
 * The figures: what is measured, beside whom, and what we ask of ourselves. A target is the least ratio to a reference of the same
 * rounds (above 1 we are ahead), because absolute figures say more of the machine than of us; where only a bound is asked for, the
 * bound is the reference.
 */
import { openBacktesters, openSamples } from './backtests.ts';
import { COPY, openImports, ROWS } from './imports.ts';
import type { FigureName } from './measure.ts';
import { hasNautilus, installNautilus, measureNautilus } from './nautilus.ts';
import { openHistory } from './ours/history.ts';
import { pgbenchName } from './pgbench.ts';
import { openPostgres } from './postgres.ts';
import { openOrcaReading, openReading } from './reading.ts';
import { DIFFERENT_HASHES_MIN, DOUBLE_RUNS, EMBEDDED_WORLDS } from './workloads.ts';

/** Something that is running for the rounds of one figure. */
export interface Stage {
  readonly env?: Readonly<Record<string, string>>;
  /** References that are programs and not sides of bench/side.ts. */
  readonly references?: Readonly<Record<string, () => number>>;
  close?(): Promise<void>;
}

export interface Figure {
  readonly name: FigureName;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly rounds: number;
  /** Sides of bench/side.ts to compare with. */
  readonly peers: readonly string[];
  /** The least ratio by the reference's name; others are shown without a verdict. */
  readonly targets: Readonly<Record<string, number>>;
  /** In the figure's unit; stands beside ours as a reference of the name `bound`. */
  readonly bound?: number;
  /** Resolves with undefined when what is needed isn't on this machine. */
  open?(): Promise<Stage | undefined>;
}

export const BOUND = 'bound';

const actors = { better: 'higher', rounds: 5, unit: 'messages/s', peers: ['nact', 'comedy', 'xstate'] } as const;

const bounded = (
  name: FigureName,
  unit: string,
  bound: number,
  rest: Partial<Pick<Figure, 'rounds' | 'peers' | 'better' | 'open'>> = {},
): Figure => ({ name, unit, bound, targets: { [BOUND]: 1 }, better: 'lower', rounds: 3, peers: [], ...rest });

/** pgbench with 32 clients is what is compared with, whatever number of connections ours has. */
const REFERENCE_CLIENTS = 32;
const durable = (name: FigureName, ratio: number, clients: readonly number[] = [REFERENCE_CLIENTS]): Figure => ({
  name,
  unit: 'orders/s',
  better: 'higher',
  rounds: 3,
  peers: [],
  targets: Object.fromEntries(clients.map((count) => [pgbenchName(count), ratio])),
  open: () => openPostgres(clients),
});
const onPostgres = { open: () => openPostgres([]) } as const;

const NAUTILUS = 'nautilus_trader 1.221.0 bare';
async function openNautilus(): Promise<Stage | undefined> {
  if (!hasNautilus()) return undefined;
  installNautilus();
  return { references: { [NAUTILUS]: measureNautilus } };
}

const reads = (name: FigureName, open: NonNullable<Figure['open']>): Figure => ({
  name,
  ...{ unit: 'requests/s', better: 'higher', rounds: 3, peers: ['hono'], targets: { hono: 0.5 }, open },
});

const imports = (name: FigureName, ratio: number): Figure => ({
  name,
  ...{ unit: 'MB/s', better: 'higher', rounds: 3, peers: [], targets: { [COPY]: ratio } },
  open: () => openImports('copy'),
});
const chunks = (name: FigureName, rest: Pick<Figure, 'unit' | 'better' | 'targets'>): Figure => ({
  name,
  ...{ rounds: 2, peers: [ROWS], ...rest },
  open: () => openImports('rows'),
});

const backtests = (name: FigureName, rest: Pick<Figure, 'unit' | 'targets' | 'open'> & Partial<Figure>): Figure => ({
  name,
  ...{ better: 'higher', rounds: 3, peers: ['hand'], ...rest },
});

export const FIGURES: readonly Figure[] = [
  { name: 'pingpong', ...actors, targets: { nact: 6, comedy: 2.5 } },
  { name: 'fanin', ...actors, targets: { nact: 8, comedy: 8 } },
  { name: 'machine-send', ...actors, peers: ['xstate'], targets: { xstate: 0.833 } },
  bounded('idle-function-agent', 'bytes', 512),
  bounded('idle-machine-agent', 'bytes', 1_024, { peers: ['xstate'] }),
  bounded('idle-function-entity', 'bytes', 512),
  bounded('idle-machine-entity', 'bytes', 1_024),
  {
    name: 'simulated-orders',
    unit: 'orders/s',
    better: 'higher',
    rounds: 3,
    peers: [],
    targets: { [NAUTILUS]: 1.5 },
    open: openNautilus,
  },
  // Virtual time by CPU time; and 300 seeds of three virtual hours in three minutes on two cores.
  bounded('simulated-world-speed', 'x', 10_000, { better: 'higher' }),
  bounded('seeds-3h', 's', 180, { rounds: 1 }),
  bounded('double-runs', 'worlds', DOUBLE_RUNS, { rounds: 1, better: 'higher' }),
  bounded('different-hashes', 'worlds', DIFFERENT_HASHES_MIN, { rounds: 1, better: 'higher' }),
  bounded('embedded-equal', 'worlds', EMBEDDED_WORLDS, { rounds: 1, better: 'higher' }),
  durable('durable-orders-128', 0.5),
  durable('durable-orders-32', 0.3),
  durable('embedded-orders-128', 0.25, [REFERENCE_CLIENTS, 128]),
  bounded('orders-p99', 'ms', 100, onPostgres),
  bounded('stops-p99', 'ms', 50, onPostgres),
  bounded('cancels-p99', 'ms', 50, onPostgres),
  bounded('urgent-answered', 'ratio', 1, { ...onPostgres, better: 'higher', rounds: 1 }),
  reads('agent-reads', () => openReading('agent')),
  reads('trade-list-reads', () => openReading('trades')),
  bounded('reads-p99', 'ms', 5, { open: () => openReading('agent') }),
  reads('orca-reads', openOrcaReading),
  bounded('orca-reads-p99', 'ms', 5, { open: openOrcaReading }),
  bounded('start-up-fresh', 'ms', 6_000),
  bounded('start-up-empty', 'ms', 6_000),
  bounded('start-up-100k-orders', 'ms', 2_000, { open: openHistory }),
  imports('import-postgres', 1.5),
  imports('import-embedded', 0.7),
  bounded('import-memory', 'MB', 256, { open: () => openImports('nothing'), rounds: 2 }),
  chunks('ticks-size', { unit: 'bytes/tick', better: 'lower', targets: { [ROWS]: 10 } }),
  chunks('ticks-read', { unit: 'ticks/s', better: 'higher', targets: { [ROWS]: 3 } }),
  backtests('backtest-max-warm', {
    ...{ unit: 'ticks/s', targets: { hand: 0.5 }, open: openSamples },
    peers: ['hand', 'sum'],
  }),
  backtests('backtest-max-cold', { unit: 'ticks/s', targets: { hand: 0.333 }, open: openSamples }),
  backtests('backtest-sma', {
    ...{ unit: 'bars/s', targets: { hand: 0.25, vectorbt: 8, grademark: 100 }, open: openBacktesters },
    peers: ['hand', 'sum'],
  }),
  bounded('backtest-store', 'ticks/s', 2_000_000, { better: 'higher', open: () => openImports('nothing') }),
];
