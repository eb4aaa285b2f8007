/**
 * How something is measured in one process: warmed up, repeated, the best repetition counts. A side of a figure is one function
 * that resolves with its value in the figure's unit; a side that doesn't exist is absent, never guessed.
 */
export const FIGURE_NAMES = [
  'pingpong',
  'fanin',
  'machine-send',
  'idle-bytes',
  'simulated-orders',
  'durable-orders-32',
  'durable-orders-128',
  'reads',
  'start-up',
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

/** Heap bytes that each of `count` objects keeps; needs `--expose-gc`. */
export function bytesEach<T>(count: number, make: (index: number) => T): number {
  const before = heapAfterCollection();
  const kept = Array.from({ length: count }, (_, index) => make(index));
  const bytes = (heapAfterCollection() - before) / count;
  if (kept.length !== count) throw new Error('Invariant: everything made is kept until it was weighed');
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
