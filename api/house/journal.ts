/** Upkeep of the journal from outside: proofs, export, backup, retention. One at a time; another one that is under way is a 409. */
import { z } from '@hono/zod-openapi';
import type { Upkeep } from '../../projections/upkeep.ts';
import type { House } from '../kit/house.ts';
import { notOffered, Problem } from '../kit/problem.ts';
import { type Route, route } from '../kit/route.ts';
import { ADMINS, common, OPERATORS } from './surface.ts';

const verificationSchema = z
  .union([
    z.object({ holds: z.literal(true), records: z.number().int(), hash: z.string() }),
    z.object({ holds: z.literal(false), sequence: z.number().int(), reason: z.string() }),
  ])
  .openapi('JournalVerification');

const comparisonSchema = z
  .union([
    z.object({ matches: z.literal(true), records: z.number().int(), rows: z.number().int() }),
    z.object({
      matches: z.literal(false),
      table: z.string(),
      id: z.string(),
      stored: z.string().nullable(),
      replayed: z.string().nullable(),
    }),
  ])
  .openapi('JournalReplay');

const retentionSchema = z
  .object({ archivedUpTo: z.number().int(), kept: z.number().int() })
  .openapi('JournalRetention');

const SEQUENCE = 'Must be a whole number from 1';
const fromQuery = z.object({
  from: z
    .string()
    .regex(/^\d{1,15}$/, SEQUENCE)
    .transform(Number)
    .pipe(z.number().min(1, SEQUENCE))
    .default(1)
    .openapi({ type: 'integer', minimum: 1, default: 1 }),
});
const archiveBody = z.strictObject({ keep: z.number().int().min(0) }).openapi('ArchiveRecords');

function upkeepOf({ upkeep }: House): Upkeep {
  if (!upkeep) throw notOffered('This world has no database to look after');
  return upkeep;
}

function idleUpkeepOf(house: House): Upkeep {
  const upkeep = upkeepOf(house);
  if (upkeep.underWay !== undefined)
    throw new Problem('conflict', `A ${upkeep.underWay} is under way, try again later`);
  return upkeep;
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

const download = (chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  ReadableStream.from(chunks) as ReadableStream<Uint8Array>;

export const journalRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/journal/verify',
    policy: OPERATORS,
    summary: 'Proves the hash chain, or names the first sequence where it does not hold',
    responses: { 200: verificationSchema },
    refusals: [409],
  })(async ({ house }) => ({ status: 200, body: await idleUpkeepOf(house).verify() })),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/journal/replay',
    policy: OPERATORS,
    summary: 'Makes the read tables again from the records and compares them row by row',
    responses: { 200: comparisonSchema },
    refusals: [409],
  })(async ({ house }) => ({ status: 200, body: await idleUpkeepOf(house).replay() })),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/house/journal/export',
    policy: ADMINS,
    summary: 'All records as JSON lines, up to the head at the beginning',
    query: fromQuery,
    responses: { 200: { contentType: 'application/x-ndjson' } },
  })(({ house, query }) => ({
    status: 200,
    body: download(encoded(upkeepOf(house).export(query.from))),
    headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8' },
  })),
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/house/journal/archive',
    policy: ADMINS,
    summary: 'Moves old records to archive files; none that a cursor or an open effect still needs',
    body: archiveBody,
    responses: { 200: retentionSchema },
    refusals: [409],
  })(async ({ house, body }) => ({ status: 200, body: await idleUpkeepOf(house).archive(body.keep) })),
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/house/backup',
    policy: ADMINS,
    summary: 'A copy of everything, as one gzip file',
    responses: { 200: { contentType: 'application/gzip' } },
    refusals: [409],
  })(async ({ house }) => {
    const { bytes, chunks } = await idleUpkeepOf(house).backup();
    return {
      status: 200,
      body: download(chunks),
      headers: {
        'Content-Type': 'application/gzip',
        'Content-Length': String(bytes),
        'Content-Disposition': 'attachment; filename="pitwall-backup.jsonl.gz"',
      },
    };
  }),
];
