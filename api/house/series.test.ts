/** Stored series and runs through the house's door: whose they are, what is there, and that only published chunks leave. */
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryTickFiles } from '../../adapters/tick-files/memory.ts';
import { MemoryDisk } from '../../db/memory/disk.ts';
import { openMemory } from '../../db/memory/open.ts';
import type { ChunkHead, ImportRecord, SeriesStore } from '../../market/series/store.ts';
import type { RunRow, TaskRow } from '../../projections/rows.ts';
import { openTickDesk } from '../../system/tick-desk.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { World } from '../testing/samples.ts';

const HEAD: ChunkHead = {
  ...{ importId: 'import-1', series: 'ticks', part: 2, symbol: 'NQ', firstMs: 1_000, lastMs: 2_000, count: 3 },
};
const RECORD: ImportRecord = {
  ...{ id: 'import-1', symbol: 'NQ', layout: 'columns by name', kind: 'prints', startedAt: 1, publishedAt: 2 },
  ...{ ticks: 3, duplicates: 0, badLines: 0, firstMs: 1_000, lastMs: 2_000 },
  ...{ duplicateFirstMs: null, duplicateLastMs: null, fileName: 'NQ.txt', bytes: 9 },
};
const RUN: RunRow = {
  ...{ id: '7', sequence: 9, taskId: 4, userId: 'u', executionNumber: 1, surface: 'executions', taskType: 'backtest' },
  ...{ strategyType: 'max', symbol: 'NQ', accountId: null, marketFrom: null, status: 'completed', open: false },
  ...{ createdAt: 1, startedAt: 2, completedAt: 3, error: null, requestId: null, stoppedBy: null },
};

const TASK: TaskRow = {
  ...{ id: '4', sequence: 8, requestId: 'request-4', userId: 'u', surface: 'executions', taskType: 'backtest' },
  ...{ name: 'One', strategyType: 'max', symbol: 'NQ', parameters: '{}', dataSource: 'store', granularity: 'ticks' },
  ...{ startAt: null, endAt: null, accountId: null, costs: null, labels: '{}', status: 'completed', open: false },
  ...{ executionId: 7, executions: 1, createdAt: 1, updatedAt: 3 },
};

let house: FakeHouse;
let world: World;
let as: string;
const get = (path: string, token = as) => world.call('GET', `/api/v1/house/${path}`, { as: token });
beforeEach(async () => {
  house = new FakeHouse();
  house.series = {
    imports: async () => [RECORD],
    heads: async ({ fromMs, toMs }) => (HEAD.firstMs < toMs && HEAD.lastMs >= fromMs ? [HEAD] : []),
    bytes: async ({ part }) => Uint8Array.of(1, 2, part),
  };
  house.runs.runRows.set(7, RUN);
  house.runs.taskRows.set(4, TASK);
  world = new World(house);
  as = await world.token('ops', 'supervisor');
});

const PATHS = [
  'series/imports?symbol=NQ',
  'series/chunks?symbol=NQ&series=ticks&fromMs=0&toMs=1500',
  'series/chunks/import-1/ticks/2?symbol=NQ&fromMs=1000&toMs=2001',
  'tasks',
  'tasks/4',
  'tasks/4/runs',
  'runs/7',
  'runs/7/lines?stream=trade',
];

describe('the way in', () => {
  it.each(PATHS)('is for those who are known, and operators see everything: %s', async (path) => {
    expect((await get(path)).status).toBe(200);
    expect((await get(path, '')).status).toBe(401);
  });
  it('shows everybody his own tasks and runs, and nobody a foreign one', async () => {
    const [owner, stranger] = [await world.token('u', 'trader'), await world.token('v', 'viewer')];
    house.runs.taskRows.set(5, { ...TASK, id: '5', userId: 'v' });
    for (const path of PATHS.filter((one) => /tasks\/|runs/.test(one))) {
      expect((await get(path, owner)).status).toBe(200);
      expect(await get(path, stranger)).toMatchObject({ status: 403, code: 'INSUFFICIENT_PERMISSIONS' });
    }
    const idsFor = async (token: string) =>
      ((await get('tasks', token)).body as { rows: TaskRow[] }).rows.map(({ id }) => id);
    expect([await idsFor(owner), await idsFor(stranger)]).toEqual([['4'], ['5']]);
    expect(await idsFor(as)).toHaveLength(2);
  });
  it('keeps the file that came with a request for its owner', async () => {
    const [owner, stranger] = [await world.token('u', 'trader'), await world.token('v', 'trader')];
    for (const path of PATHS.filter((one) => one.startsWith('series/'))) {
      const [mine, unknown] = ['request-4', 'request-9'].map((one) => path.replace('NQ', `upload:${one}`));
      expect((await get(path, stranger)).status).toBe(200);
      expect((await get(mine!, owner)).status).toBe(200);
      expect((await get(mine!, as)).status).toBe(200);
      expect((await get(mine!, stranger)).status).toBe(403);
      expect((await get(unknown!, owner)).status).toBe(403);
    }
  });
});

describe('stored series', () => {
  it('are told as they are, within the bounds that were asked for', async () => {
    expect((await get(PATHS[0]!)).body).toEqual({ imports: [RECORD] });
    expect((await get(PATHS[1]!)).body).toEqual({ chunks: [HEAD] });
    expect((await get('series/chunks?symbol=NQ&series=ticks&fromMs=2001&toMs=9000')).body).toEqual({ chunks: [] });
  });
  it('give the bytes of a published chunk, and of no other', async () => {
    const path = '/api/v1/house/series/chunks/import-1/ticks/2?symbol=NQ&fromMs=1000&toMs=2001';
    const response = await world.api.app.request(path, { headers: { authorization: `Bearer ${as}` } });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 2));
    expect((await get('series/chunks/import-2/ticks/2?symbol=NQ&fromMs=1000&toMs=2001')).status).toBe(404);
    expect((await get('series/chunks/import-1/ticks/3?symbol=NQ&fromMs=1000&toMs=2001')).status).toBe(404);
  });
  it.each([
    'series/chunks?symbol=NQ&series=moon&fromMs=0&toMs=1',
    'series/chunks?symbol=NQ&series=ticks&fromMs=x&toMs=1',
  ])('refuse what is no range: %s', async (path) => expect((await get(path)).status).toBe(400));
  it('of all instruments are listed together, without files that came with requests', async () => {
    const asked = { ...RECORD, id: 'import-2', symbol: 'upload:request-4' };
    const other = { ...RECORD, id: 'import-3', symbol: 'ES' };
    house.series = { ...house.series!, imports: async () => [RECORD, asked, other] };
    expect((await get('series/imports')).body).toEqual({ imports: [RECORD, other] });
  });
  it('are not there in a world without them', async () => {
    house.series = undefined;
    expect((await get('series/imports?symbol=NQ')).status).toBe(503);
  });
});

describe('taking an import back', () => {
  const PATH = '/api/v1/house/series/imports/import-1';
  let admin: string;
  let series: SeriesStore;
  beforeEach(async () => {
    admin = await world.token('boss', 'admin');
    series = openMemory(new MemoryDisk()).series;
    const { clock, ids } = house;
    house.tickDesk = openTickDesk({ files: new MemoryTickFiles(), store: series, clock, ids });
    const { bytes: _, ...record } = RECORD;
    await series.begin(RECORD);
    await series.publish(record);
  });
  const left = async () => (await series.imports()).length;

  it('is for admins, and answers with what it was', async () => {
    expect(await world.call('DELETE', PATH, { as })).toMatchObject({ status: 403, code: 'INSUFFICIENT_PERMISSIONS' });
    expect(await left()).toBe(1);
    expect((await world.call('DELETE', PATH, { as: admin })).body).toEqual({ ...RECORD, bytes: 0 });
    expect(await left()).toBe(0);
    expect((await world.call('DELETE', PATH, { as: admin })).status).toBe(404);
  });
  it('is refused as long as a backtest reads the instrument, paused or not', async () => {
    const refused = async () => (await world.call('DELETE', PATH, { as: admin })).status === 409;
    for (const over of [{ status: 'running' }, { status: 'paused' }] as const) {
      house.runs.taskRows.set(4, { ...TASK, ...over, open: true });
      expect(await refused()).toBe(true);
    }
    expect(await left()).toBe(1);
    const elsewhere = [
      { symbol: 'ES' },
      { dataSource: 'simulated' },
      { taskType: 'trading' },
      { open: false },
    ] as const;
    for (const [index, over] of elsewhere.entries())
      house.runs.taskRows.set(4 + index, { ...TASK, open: true, ...over });
    expect(await refused()).toBe(false);
    expect(await left()).toBe(0);
  });
});

describe('runs', () => {
  it('are shown with how far their output goes', async () => {
    expect((await get('runs/7')).body).toMatchObject({ run: RUN, head: { last: { event: 0, trade: 0, equity: 0 } } });
  });
  it('give their lines, one stream at a time', async () => {
    const line = { at: 5, kind: 'long', payload: '{"pnl":1}', createdAt: 6 };
    const lines = [1, 2, 3].map((sequence) => ({ ...line, stream: 'trade' as const, sequence }));
    house.runs.lines.set(7, lines);
    expect((await get('runs/7/lines?stream=trade&after=1&limit=1')).body).toEqual({ rows: [lines[1]], total: 2 });
    expect((await get('runs/7/lines?stream=event')).body).toEqual({ rows: [], total: 0 });
    expect((await get('runs/7/lines?stream=trade&limit=1001')).status).toBe(400);
    for (const id of ['8', 'abc', '07']) expect((await get(`runs/${id}/lines?stream=trade`)).status).toBe(404);
  });
});
