/** Which runs lose their lines: those that ended long enough ago, once, and none that is open; and that the house does it by its setting. */
import { expect, test } from 'vitest';
import { openMemory } from '../db/memory/open.ts';
import type { Condition, Queries } from '../projections/queries.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import { openRunRetention } from './run-retention.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const START = 100 * DAY_MS;

interface Ended {
  readonly id: string;
  readonly sequence: number;
  readonly open: boolean;
  readonly completedAt: number | null;
}

const holds = (row: Ended, { column, gte, lt }: Condition): boolean => {
  const value = row[column as keyof Ended];
  if (gte !== undefined && !(typeof value === 'number' && value >= gte)) return false;
  return lt === undefined || (typeof value === 'number' && value < lt);
};

function setUp(rows: readonly Ended[]) {
  const clock = new SimulatedClock(START);
  const said: string[] = [];
  const note = (what: string): void => void said.push(what);
  const removed: number[] = [];
  const outputs = {
    fails: false,
    async withLines(ids: readonly number[]) {
      return ids.filter((id) => !removed.includes(id));
    },
    async removeLines(id: number) {
      if (outputs.fails) throw new Error('the database is away');
      removed.push(id);
    },
  };
  const queries = {
    list: async (_: string, { where, limit }: { where: readonly Condition[]; limit: number }) => ({
      rows: rows.filter((row) => where.every((condition) => holds(row, condition))).slice(0, limit),
      total: rows.length,
    }),
  } as unknown as Queries;
  const log = { debug: note, info: note, warn: note, error: note };
  const close = openRunRetention({ queries, outputs, keepDays: 30, clock, log });
  async function pass(ms: number): Promise<void> {
    const end = clock.monotonic() + ms;
    while (clock.step(end))
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return { removed, outputs, said, close, pass };
}

const ended = (id: number, days: number): Ended => ({
  ...{ id: String(id), sequence: id * 3, open: false, completedAt: START - days * DAY_MS },
});

test('runs that ended before the days that are kept lose their lines, once, and others keep them', async () => {
  const open = { ...ended(2, 90), open: true, completedAt: null };
  const { removed, said, pass } = setUp([ended(1, 90), open, ended(3, 31), ended(4, 29.5), ended(5, 1)]);
  await pass(9 * MINUTE_MS);
  expect(removed).toEqual([]);
  await pass(2 * MINUTE_MS);
  expect(removed).toEqual([1, 3]);
  await pass(DAY_MS);
  expect(removed).toEqual([1, 3, 4]);
  expect(said).toEqual(['runs.lines-removed', 'runs.lines-removed']);
});

test('any number of them, page by page', async () => {
  const { removed, pass } = setUp(Array.from({ length: 450 }, (_, index) => ended(index + 1, 40)));
  await pass(11 * MINUTE_MS);
  expect(removed).toHaveLength(450);
});

test('what failed is said and done soon again; nothing is done after the end', async () => {
  const { removed, outputs, said, pass, close } = setUp([ended(1, 90), ended(2, 29.5)]);
  outputs.fails = true;
  await pass(11 * MINUTE_MS);
  outputs.fails = false;
  await pass(10 * MINUTE_MS);
  expect(removed).toEqual([1]);
  expect(said).toEqual(['runs.lines-not-removed', 'runs.lines-removed']);
  close();
  await pass(3 * DAY_MS);
  expect(removed).toEqual([1]);
});

test('the columns that it asks for are those of the table', async () => {
  const { queries } = openMemory();
  const where = [
    { column: 'completedAt', lt: 1 },
    { column: 'sequence', gte: 0 },
  ];
  const orderBy = [{ column: 'sequence', direction: 'asc' as const }];
  expect(await queries.list('runs', { where, orderBy, limit: 1, offset: 0 })).toEqual({ rows: [], total: 0 });
});
