/** What a run is doing and what it has put out so far. Everything shown is durable, and sequences begin at 1 without a gap. */
import { z } from '@hono/zod-openapi';
import { findInstrument } from '../../domain/instrument.ts';
import type { EquityPoint } from '../../domain/run.ts';
import type { LineFilter } from '../../projections/run-outputs.ts';
import { pointOf } from '../../projections/run-reads.ts';
import type { House } from '../kit/house.ts';
import { iso, isoOrNull } from '../kit/instant.ts';
import { publicUrlOf } from '../kit/public-address.ts';
import { READERS, type Route, route } from '../kit/route.ts';
import { isoInstant, numberedId, wholeNumber } from '../kit/validate.ts';
import { REAL_TIME, readableRun, STANDARD, visibleRun } from './access.ts';
import { offsetOf, type Paged, pageOf, pagingQuery, SEQUENCE_MAX } from './lists.ts';
import { aboutRun, eventBody, metricsOf, progressOf, tradeBody } from './present.ts';
import { EVENT_TYPES, equityCurve, eventList, executionStatus, latestMetrics, tradeList } from './schemas.ts';
import { executionsSurface as surface } from './surface.ts';

const LINES_A_PAGE = 1_000;
const POINTS_A_PAGE = 500;
const POINTS_MIN = 3;
const POINTS_MAX = 100_000;

const params = z.object({ id: numberedId('Execution') });
const sinceQuery = { since_sequence: wholeNumber(0, SEQUENCE_MAX).optional().openapi({ type: 'integer', minimum: 0 }) };
const common = { surface, tag: 'Executions', method: 'GET', policy: READERS, params, refusals: [404] } as const;
const at = (what: string): string => `/api/trading/executions/:id/${what}`;

interface Points {
  readonly points: readonly EquityPoint[];
  readonly count: number;
  /** Average distance of points in seconds, when some were left out. */
  readonly granularityS: number | null;
}

async function pointsOf(
  { read }: House,
  executionId: number,
  filter: LineFilter,
  query: Paged & { readonly max_points?: number | undefined },
): Promise<Points> {
  const offset = offsetOf(query);
  if (query.max_points === undefined) {
    const { rows, total } = await read.runs.page(executionId, 'equity', filter, query.page_size, offset);
    return { points: rows.map(pointOf), count: total, granularityS: null };
  }
  const { points, total } = await read.runs.curve(executionId, filter, query.max_points);
  const [first, last] = [points[0], points.at(-1)];
  const isThinned = points.length < total && first !== undefined && last !== undefined;
  const granularityS = isThinned ? Math.round((last.at - first.at) / (points.length - 1)) / 1_000 : null;
  return { points: points.slice(offset, offset + query.page_size), count: points.length, granularityS };
}

export const executionRoutes: readonly Route[] = [
  route({
    ...common,
    path: at('status'),
    rateLimit: REAL_TIME,
    summary: 'How a run stands, with its latest figures',
    responses: { 200: executionStatus },
  })(async (call) => {
    const run = await visibleRun(call, call.params.id);
    const head = await call.house.read.runs.head(call.params.id);
    return {
      status: 200,
      body: {
        ...aboutRun(run),
        execution_number: run.executionNumber,
        status: run.status,
        progress: progressOf(run, head),
        started_at: isoOrNull(run.startedAt),
        completed_at: isoOrNull(run.completedAt),
        error_message: run.error,
        ...metricsOf(run, head),
      },
    };
  }),
  route({
    ...common,
    path: at('events'),
    rateLimit: REAL_TIME,
    summary: 'What the strategy of a run said',
    query: z.object({ ...sinceQuery, event_type: z.enum(EVENT_TYPES).optional(), ...pagingQuery(LINES_A_PAGE) }),
    responses: { 200: eventList },
  })(async (call) => {
    const { house, query, params } = call;
    const run = await readableRun(call, params.id);
    const filter = { after: query.since_sequence, kind: query.event_type };
    const { rows, total } = await house.read.runs.page(params.id, 'event', filter, query.page_size, offsetOf(query));
    const { fields, headers } = pageOf(publicUrlOf(call), query, total);
    const events = rows.map((line) => eventBody(line, run));
    return { status: 200, body: { ...aboutRun(run), events, ...fields }, headers };
  }),
  route({
    ...common,
    path: at('trades'),
    rateLimit: STANDARD,
    summary: 'Closed entries of a run',
    query: z.object({
      ...sinceQuery,
      instrument: z.string().max(30).optional(),
      direction: z.enum(['long', 'short']).optional(),
      ...pagingQuery(LINES_A_PAGE),
    }),
    responses: { 200: tradeList },
  })(async (call) => {
    const { house, query, params } = call;
    const run = await readableRun(call, params.id);
    const filter = { after: query.since_sequence, kind: query.direction };
    // A run trades one instrument: another one has no trades in it.
    const isOther = query.instrument !== undefined && findInstrument(query.instrument)?.symbol !== run.symbol;
    const { rows, total } = isOther
      ? { rows: [], total: 0 }
      : await house.read.runs.page(params.id, 'trade', filter, query.page_size, offsetOf(query));
    const { fields, headers } = pageOf(publicUrlOf(call), query, total);
    const trades = rows.map((line) => tradeBody(line, run));
    return { status: 200, body: { ...aboutRun(run), trades, ...fields }, headers };
  }),
  route({
    ...common,
    path: at('equity'),
    rateLimit: REAL_TIME,
    summary: 'The realised balance of a run, thinned out on request',
    query: z.object({
      ...sinceQuery,
      start_time: isoInstant.optional(),
      end_time: isoInstant.optional(),
      max_points: wholeNumber(POINTS_MIN, POINTS_MAX).optional().openapi({ type: 'integer', minimum: POINTS_MIN }),
      ...pagingQuery(POINTS_A_PAGE),
    }),
    responses: { 200: equityCurve },
  })(async (call) => {
    const { house, query, params } = call;
    const run = await readableRun(call, params.id);
    const filter = { after: query.since_sequence, from: query.start_time, to: query.end_time };
    const { points, count, granularityS } = await pointsOf(house, params.id, filter, query);
    const { fields, headers } = pageOf(publicUrlOf(call), query, count);
    const equity_curve = points.map(({ sequence, at: time, balance }) => ({ sequence, timestamp: iso(time), balance }));
    const body = { ...aboutRun(run), equity_curve, ...fields, granularity_seconds: granularityS };
    return { status: 200, body, headers };
  }),
  route({
    ...common,
    path: at('metrics/latest'),
    rateLimit: REAL_TIME,
    summary: 'The latest figures of a run',
    responses: { 200: latestMetrics },
  })(async (call) => {
    const run = await visibleRun(call, call.params.id);
    const head = await call.house.read.runs.head(call.params.id);
    return { status: 200, body: { ...aboutRun(run), ...metricsOf(run, head) } };
  }),
];
