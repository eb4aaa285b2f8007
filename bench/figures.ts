/**
 * The figures: what is measured, beside whom, and what we ask of ourselves. A target is a ratio to the reference of the same rounds
 * (above 1 we are ahead), because absolute figures say more of the machine than of us; a figure without a reference has a bound.
 */
import type { FigureName } from './measure.ts';
import { hasNautilus, installNautilus, measureNautilus } from './nautilus.ts';
import { openPostgres } from './postgres.ts';

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
  readonly target: { readonly ratio: number } | { readonly bound: number };
  /** Resolves with undefined when what is needed isn't on this machine. */
  open?(): Promise<Stage | undefined>;
}

const actors = { better: 'higher', rounds: 5, unit: 'messages/s', target: { ratio: 1 } } as const;
const durable = (clients: 32 | 128): Figure => ({
  name: `durable-orders-${clients}`,
  unit: 'orders/s',
  better: 'higher',
  rounds: 3,
  peers: [],
  target: { ratio: 0.5 },
  open: () => openPostgres(clients),
});

async function openNautilus(): Promise<Stage | undefined> {
  if (!hasNautilus()) return undefined;
  installNautilus();
  return { references: { 'nautilus_trader 1.221.0 bare': measureNautilus } };
}

export const FIGURES: readonly Figure[] = [
  { name: 'pingpong', ...actors, peers: ['nact', 'comedy', 'xstate'] },
  { name: 'fanin', ...actors, peers: ['nact', 'comedy', 'xstate'] },
  { name: 'machine-send', ...actors, target: { ratio: 0.8 }, peers: ['xstate'] },
  { name: 'idle-bytes', unit: 'bytes', better: 'lower', rounds: 3, peers: ['xstate'], target: { ratio: 1 } },
  {
    name: 'simulated-orders',
    unit: 'orders/s',
    better: 'higher',
    rounds: 3,
    peers: [],
    target: { ratio: 1 },
    open: openNautilus,
  },
  durable(32),
  durable(128),
  { name: 'reads', unit: 'requests/s', better: 'higher', rounds: 3, peers: [], target: { bound: 5_000 } },
  { name: 'start-up', unit: 'ms', better: 'lower', rounds: 5, peers: [], target: { bound: 5_000 } },
];
