/** Imported series as they are stored, for whoever runs over them elsewhere: which imports there are, which chunks, and their bytes. A file that came with a request is its caller's. */
import { z } from '@hono/zod-openapi';
import { requestOfSeries } from '../../domain/run.ts';
import type { ImportRecord } from '../../market/series/store.ts';
import { seriesReaderOf } from '../../projections/series-readers.ts';
import type { ApiCall } from '../kit/call.ts';
import { seesAll } from '../kit/caller.ts';
import type { House } from '../kit/house.ts';
import { notFound, notOffered, Problem } from '../kit/problem.ts';
import { perCaller, type RateLimits, READERS, type Route, route } from '../kit/route.ts';
import { ADMINS, common } from './surface.ts';

/** A year of ticks is some thousand chunks. */
const CHUNKS_LIMITED: RateLimits = {
  limits: [perCaller({ name: 'house-series', max: 6_000, windowMs: 60_000 })],
  mode: 'counted',
};

/** An instrument, or where an upload of its own is kept. */
const symbol = z.string().min(1).max(200);
const seriesName = z.enum(['ticks', '1m', '5m', '15m', '1h', '4h', '1d']);
const whole = z
  .string()
  .regex(/^-?\d{1,16}$/, 'Must be whole epoch milliseconds')
  .transform(Number)
  .openapi({ type: 'integer' });

const importSchema = z
  .object({
    ...{ id: z.string(), symbol: z.string(), layout: z.string(), kind: z.enum(['prints', 'quotes', 'both']) },
    ...{ startedAt: z.number(), publishedAt: z.number(), ticks: z.number().int(), duplicates: z.number().int() },
    ...{ badLines: z.number().int(), firstMs: z.number().nullable(), lastMs: z.number().nullable() },
    ...{ duplicateFirstMs: z.number().nullable(), duplicateLastMs: z.number().nullable() },
    ...{ fileName: z.string().nullable(), bytes: z.number().int() },
  })
  .openapi('SeriesImport');

const chunkSchema = z
  .object({
    ...{ importId: z.string(), series: seriesName, part: z.number().int(), symbol: z.string() },
    ...{ firstMs: z.number(), lastMs: z.number(), count: z.number().int() },
  })
  .openapi('SeriesChunk');

const range = z.object({ symbol, series: seriesName, fromMs: whole, toMs: whole });
const chunkName = z.object({
  importId: z.string().min(1).max(100),
  series: seriesName,
  part: z.string().regex(/^\d{1,9}$/),
});

/** What the caller may read of `name`: an instrument's series are everybody's. */
async function seriesFor(
  { house, caller }: Pick<ApiCall, 'house' | 'caller'>,
  name: string,
): Promise<NonNullable<House['series']>> {
  const { series: stored, read } = house;
  if (!stored) throw notOffered('This world has no stored series');
  const requestId = requestOfSeries(name);
  if (requestId === undefined || seesAll(caller)) return stored;
  const task = await read.runs.taskOfRequest(requestId);
  if (task?.userId !== caller.sub) throw new Problem('forbidden', 'You do not have access to this series');
  return stored;
}

/** Of instruments: what came with requests is asked for by name. */
async function everyImport({ series }: Pick<House, 'series'>): Promise<readonly ImportRecord[]> {
  if (!series) throw notOffered('This world has no stored series');
  return (await series.imports()).filter(({ symbol: name }) => requestOfSeries(name) === undefined);
}

export const seriesRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/series/imports',
    policy: READERS,
    summary: 'Published imports of an instrument, or of all, oldest first',
    query: z.object({ symbol: symbol.optional() }),
    responses: { 200: z.object({ imports: z.array(importSchema) }).openapi('SeriesImports') },
  })(async (call) => {
    const { symbol: name } = call.query;
    const imports =
      name === undefined ? await everyImport(call.house) : await (await seriesFor(call, name)).imports(name);
    return { status: 200, body: { imports: imports.map((one) => ({ ...one })) } };
  }),
  route({
    ...common,
    method: 'DELETE',
    path: '/api/v1/house/series/imports/:importId',
    policy: ADMINS,
    summary: 'Takes an import back: its ticks, its bars, and the word of it',
    params: z.object({ importId: z.string().min(1).max(100) }),
    responses: { 200: importSchema },
    refusals: [404, 409],
  })(async ({ house, caller, params: { importId } }) => {
    const { tickDesk, read, log } = house;
    if (!tickDesk) throw notOffered('This world has no stored series');
    const taken = await tickDesk.takeBack(importId, (name) => seriesReaderOf(read.runs, name));
    if (taken.outcome === 'unknown') throw notFound('Import', importId);
    if (taken.outcome === 'refused') throw new Problem('conflict', taken.reason);
    log.info('series.import-taken-back', { importId, symbol: taken.record.symbol, by: caller.sub });
    return { status: 200, body: { ...taken.record } };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/series/chunks',
    policy: READERS,
    summary: 'Published chunks of a series that may have rows in [fromMs, toMs), in their order',
    query: range,
    responses: { 200: z.object({ chunks: z.array(chunkSchema) }).openapi('SeriesChunks') },
  })(async (call) => {
    const heads = await (await seriesFor(call, call.query.symbol)).heads(call.query);
    return { status: 200, body: { chunks: heads.map((head) => ({ ...head })) } };
  }),
  route({
    ...common,
    rateLimit: CHUNKS_LIMITED,
    method: 'GET',
    path: '/api/v1/house/series/chunks/:importId/:series/:part',
    policy: READERS,
    summary: "A published chunk's bytes, compressed columns; [fromMs, toMs) holds a row of it",
    params: chunkName,
    query: z.object({ symbol, fromMs: whole, toMs: whole }),
    responses: { 200: { contentType: 'application/octet-stream' } },
    refusals: [404],
  })(async (call) => {
    const { params, query } = call;
    const series = await seriesFor(call, query.symbol);
    const part = Number(params.part);
    const heads = await series.heads({ ...query, series: params.series });
    const head = heads.find((one) => one.importId === params.importId && one.part === part);
    if (!head) throw notFound('Chunk', `${params.importId}/${params.series}/${params.part}`);
    const bytes = await series.bytes(head);
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes.length) };
    return { status: 200, body: ReadableStream.from([bytes]) as ReadableStream<Uint8Array>, headers };
  }),
];
