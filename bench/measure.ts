/**
 * How something is measured in one process: warmed up, repeated, the best repetition counts. A side of a figure is one function
 * that resolves with its value in the figure's unit; a side that doesn't exist is absent, never guessed.
 */
export const FIGURE_NAMES = [
  'pingpong',
  'fanin',
  'machine-send',
  'idle-function-agent',
  'idle-machine-agent',
  'idle-function-entity',
  'idle-machine-entity',
  'simulated-orders',
  'simulated-world-speed',
  'seeds-3h',
  'double-runs',
  'different-hashes',
  'embedded-equal',
  'durable-orders-128',
  'durable-orders-32',
  'embedded-orders-128',
  'orders-p99',
  'stops-p99',
  'cancels-p99',
  'urgent-answered',
  'agent-reads',
  'trade-list-reads',
  'reads-p99',
  'orca-reads',
  'orca-reads-p99',
  'start-up-fresh',
  'start-up-empty',
  'start-up-100k-orders',
  'import-postgres',
  'import-embedded',
  'import-memory',
  'ticks-size',
  'ticks-read',
  'backtest-max-warm',
  'backtest-max-cold',
  'backtest-sma',
  'backtest-store',
] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];

export type Measure = () => Promise<number>;
/** The figures that one runtime, product or program can be measured in. */
export type Side = Readonly<Partial<Record<FigureName, Measure>>>;

/** Items a second of the best of `repetitions` runs; the first ones are cold. */
export async function bestRate(items: number, repetitions: number, run: () => unknown): Promise<number> {
  let best = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const startedMs = performance.now();
    await run();
    best = Math.max(best, (items / (performance.now() - startedMs)) * 1_000);
  }
  return best;
}

/** Heap bytes that stay for as long as what `make` resolves with is held; needs `--expose-gc`. */
export async function bytesKept(make: () => unknown): Promise<number> {
  const before = heapAfterCollection();
  const kept = await make();
  const bytes = heapAfterCollection() - before;
  if (kept === undefined) throw new Error('Invariant: what was made is kept until it was weighed');
  return bytes;
}

function heapAfterCollection(): number {
  if (!globalThis.gc) throw new Error('bytes can only be told with --expose-gc');
  for (let round = 0; round < 4; round += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** A promise and the function that resolves it: how a benchmark learns that the last message was handled. */
export function until(): { readonly reached: Promise<void>; readonly reach: () => void } {
  let reach!: () => void;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
