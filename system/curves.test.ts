/** Curves: bounded in what they hold, read once for all their pages, and read again when their run has said more. */
import { expect, it } from 'vitest';
import { MemoryRunOutputs } from '../db/memory/run-outputs.ts';
import { NEW_RUN, type RunLine } from '../projections/run-outputs.ts';
import { Curves } from './curves.ts';

const lines = (count: number, from = 0): RunLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ stream: 'equity', sequence: from + index + 1, at: (from + index) * 1_000, kind: '', createdAt: 0 },
    payload: JSON.stringify(Math.sin((from + index) / 500)),
  }));

async function world(count: number, heldMax?: number) {
  const outputs = new MemoryRunOutputs(new Map());
  const append = (version: number, more: readonly RunLine[]) => {
    const equity = more.at(-1)?.sequence ?? 0;
    return outputs.append(1, { ...NEW_RUN, version, last: { event: 0, trade: 0, equity } }, more);
  };
  await append(1, lines(count));
  let reads = 0;
  const linesAfter: MemoryRunOutputs['linesAfter'] = (...of) => {
    reads += 1;
    return outputs.linesAfter(...of);
  };
  const curves = new Curves({ head: (run) => outputs.head(run), linesAfter }, heldMax);
  return { curves, append, reads: () => reads };
}

it('a curve is read once for all its pages, and again when its run has said more', async () => {
  const { curves, append, reads } = await world(25_000);
  const first = await curves.of(1, {}, 100);
  expect([first.points.length, first.total, reads()]).toEqual([100, 25_000, 3]);
  expect(await curves.of(1, {}, 100)).toBe(first);
  expect(reads()).toBe(3);
  expect((await curves.of(1, { after: 24_900 }, 100)).points.length).toBe(100);
  await append(2, lines(10, 25_000));
  expect((await curves.of(1, {}, 100)).total).toBe(25_010);
});

it('a curve of more points than may be held keeps its ends, its count and its shape', async () => {
  const whole = await (await world(95_000)).curves.of(1, {}, 200);
  const held = await (await world(95_000, 20_000)).curves.of(1, {}, 200);
  expect(held.total).toBe(95_000);
  expect([held.points.length, held.points[0], held.points.at(-1)]).toEqual([200, whole.points[0], whole.points.at(-1)]);
  const top = Math.max(...held.points.map(({ balance }) => balance));
  expect(top).toBeCloseTo(Math.max(...whole.points.map(({ balance }) => balance)), 3);
  expect(held.points.map(({ sequence }) => sequence)).toEqual(
    held.points.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
  );
});
