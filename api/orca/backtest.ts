/** Orca's backtest of `max`: over stored ticks of a period, or over the file that comes with the request. It is a task with an execution like any other. */
import { z } from '@hono/zod-openapi';
import { type RunTrade, uploadedSeries } from '../../domain/run.ts';
import type { TickFile } from '../../market/import/tick-files.ts';
import { pagesOf } from '../../projections/run-outputs.ts';
import { pointsResultOf } from '../../runs/summary.ts';
import type { ApiCall } from '../kit/call.ts';
import { instantOf, iso } from '../kit/instant.ts';
import { invalid, Problem, unavailable } from '../kit/problem.ts';
import { type Route, route, TRADERS, UNLIMITED } from '../kit/route.ts';
import type { TickDesk } from '../kit/tick-desk.ts';
import { validate } from '../kit/validate.ts';
import { chosenFile, filledIn } from './filled-form.ts';
import { contract, keysOf, modeOf, notes, side, symbolOf, text } from './max-form.ts';
import { shared } from './same-requests.ts';
import { orcaSurface as surface } from './surface.ts';
import { completed, startTask } from './tasks.ts';

const DAY_MS = 86_400_000;
/** Differences of prices lose their binary dust at the eighth place. */
const clean = (value: number): number => Number(value.toFixed(8));

/** A UTC day as the instant at which it begins. */
const day = z
  .string()
  .transform((written, context) => {
    const at = written.includes('T') ? undefined : instantOf(written);
    if (at !== undefined) return at;
    context.issues.push({ code: 'custom', message: 'Must be a day as YYYY-MM-DD', input: written });
    return z.NEVER;
  })
  .optional()
  .openapi({ type: 'string', format: 'date' });

const backtestFields = z.object({
  accountName: text,
  mode: z.literal('backtesting', 'Must be backtesting'),
  contract,
  maxMode: text.optional(),
  trading_mode: text.optional(),
  point_key: text,
  exit_strategy_key: text,
  notes,
  dateFrom: day,
  dateTo: day,
});
type BacktestFields = z.output<typeof backtestFields>;

const backtestAnswer = z
  .object({
    result: z.object({
      total_trades: z.int(),
      winning_trades: z.int(),
      losing_trades: z.int(),
      win_rate: z.number(),
      total_profit: z.number(),
      max_drawdown: z.number(),
    }),
    trades: z.array(
      z.object({
        entry_time: z.iso.datetime(),
        entry_price: z.number(),
        exit_time: z.iso.datetime(),
        exit_price: z.number(),
        profit: z.number(),
        side: z.enum(['long', 'short']),
      }),
    ),
    meta: z.object({
      source: z.enum(['date_range', 'file']),
      dateFrom: z.string().optional(),
      dateTo: z.string().optional(),
      accountName: z.string(),
      mode: z.string(),
      notes: z.string().optional(),
      execution_id: z.int(),
    }),
  })
  .openapi('OrcaBacktest');

interface Period {
  readonly startAt: number;
  readonly endAt: number;
}

/** Both days belong to it. */
function periodOf({ dateFrom, dateTo }: BacktestFields): Period | undefined {
  if (dateFrom === undefined && dateTo === undefined) return undefined;
  if (dateFrom === undefined || dateTo === undefined)
    throw invalid([{ field: dateFrom === undefined ? 'dateFrom' : 'dateTo', message: 'Required with the other one' }]);
  if (dateFrom > dateTo) throw invalid([{ field: 'dateTo', message: 'Must not be before dateFrom' }]);
  return { startAt: dateFrom, endAt: dateTo + DAY_MS };
}

const dayOf = (at: number): string => iso(at).slice(0, 10);

/** The rows are there when this resolves: those of the period, or those of the file under a series of its own. */
async function prepare(desk: TickDesk, { file, fileName }: Brought, period: Period | undefined, names: Names) {
  if (file && period) throw invalid([{ field: 'file', message: 'Give file, or dateFrom and dateTo, not both' }]);
  if (file) {
    const what = { series: names.series, skipDuplicates: false, fileName };
    const read = await desk.read(file, what, () => undefined);
    if (read.outcome === 'stored') return;
    if (read.code === 'too-large') throw new Problem('too-large', read.reason);
    throw invalid([{ field: 'file', message: read.reason }]);
  }
  if (!period) throw invalid([{ field: 'file', message: 'Give file, or dateFrom and dateTo' }]);
  const { startAt, endAt } = period;
  if (await desk.hasTicks(names.symbol, startAt, endAt)) return;
  const days = `from ${dayOf(startAt)} to ${dayOf(endAt - DAY_MS)}`;
  throw new Problem('not-found', `There are no ticks of ${names.symbol} ${days}; upload them first`);
}

/** What the form brings. */
interface Brought {
  readonly file: TickFile | undefined;
  readonly fileName: string | undefined;
}

interface Names {
  readonly symbol: string;
  readonly series: string;
}

async function tradesOf({ house }: ApiCall, executionId: number): Promise<RunTrade[]> {
  const { linesRemovedAt } = await house.read.runs.head(executionId);
  if (linesRemovedAt !== null)
    throw new Problem('not-found', `The trades of execution ${executionId} were removed on ${iso(linesRemovedAt)}`);
  const trades: RunTrade[] = [];
  for await (const lines of pagesOf(house.read.runs, executionId, 'trade'))
    for (const { payload } of lines) trades.push(JSON.parse(payload) as RunTrade);
  return trades;
}

const tradeOf = ({ entryAt, entryPrice, exitAt, exitPrice, points, units, direction }: RunTrade) => ({
  ...{ entry_time: iso(entryAt), entry_price: entryPrice, exit_time: iso(exitAt), exit_price: exitPrice },
  ...{ profit: clean(points * units), side: direction },
});

function answerOf(fields: BacktestFields, trades: readonly RunTrade[], executionId: number) {
  const period = periodOf(fields);
  const { accountName, mode, notes: told } = fields;
  const result = pointsResultOf(trades);
  return {
    result: {
      ...{ total_trades: result.totalTrades, winning_trades: result.winningTrades },
      ...{ losing_trades: result.losingTrades, win_rate: result.winRatio },
      ...{ total_profit: clean(result.totalProfit), max_drawdown: clean(result.maxDrawdown) },
    },
    trades: trades.map(tradeOf),
    meta: {
      source: period ? ('date_range' as const) : ('file' as const),
      ...(period && { dateFrom: dayOf(period.startAt), dateTo: dayOf(period.endAt - DAY_MS) }),
      ...{ accountName, mode, execution_id: executionId },
      ...(told !== undefined && { notes: told }),
    },
  };
}

async function resultOf(call: ApiCall, fields: BacktestFields, taskId: number, executionId: number) {
  await completed(call, taskId, executionId);
  return answerOf(fields, await tradesOf(call, executionId), executionId);
}

async function run(call: ApiCall, desk: TickDesk, brought: Brought, fields: BacktestFields) {
  const { file } = brought;
  const keys = keysOf({
    point: { field: 'point_key', key: fields.point_key },
    exit: { field: 'exit_strategy_key', key: fields.exit_strategy_key },
  });
  const requestId = call.entity;
  const names = { symbol: symbolOf(fields.contract), series: uploadedSeries(requestId) };
  const before = call.repeated ? await call.house.read.runs.taskOfRequest(requestId) : undefined;
  const mode = modeOf(fields.maxMode, fields.trading_mode);
  const period = periodOf(fields);
  // The first answer was lost, or too long to be kept: it is made again from the run that there is.
  if (before && before.executionId !== null) {
    await file?.close();
    return resultOf(call, fields, Number(before.id), before.executionId);
  }
  try {
    if (call.repeated && file) await desk.forget(names.series);
    await prepare(desk, brought, period, names);
    // Everything of it is stored: others bring theirs while this one is run.
    await file?.close();
    const started = await startTask(call, {
      ...{ requestId, taskType: 'backtest', strategyType: 'max', name: `max ${fields.contract}`, symbol: names.symbol },
      parameters: { side: mode, ...keys },
      ...{ dataSource: file ? 'upload' : 'store', granularity: 'ticks', accountId: null },
      ...{ startAt: period?.startAt ?? null, endAt: period?.endAt ?? null },
      labels: { accountName: fields.accountName, ...(fields.notes !== undefined && { notes: fields.notes }) },
    });
    return await resultOf(call, fields, started.taskId, started.executionId);
  } finally {
    // A run that goes on, or that may have begun without an answer, needs its rows; the next start takes them away.
    const row = await call.house.read.runs.taskOfRequest(requestId);
    const mayRun = row !== undefined && (row.open || row.executionId === null);
    if (file && !mayRun) await desk.forget(names.series);
  }
}

async function backtest(call: ApiCall) {
  const { tickDesk: desk } = call.house;
  if (!desk) throw unavailable('This world has no stored ticks');
  const { fields, file: sent, fileName } = call.form ?? {};
  const file = await chosenFile({ file: sent, fileName });
  return shared(call, () => run(call, desk, { file, fileName }, validate(filledIn(backtestFields), fields)));
}

export const backtestRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/run-bot/max-backtest',
    surface,
    policy: TRADERS,
    rateLimit: UNLIMITED,
    tag: 'Bots',
    summary: 'Run max over stored ticks of a period, or over a tick file',
    form: backtestFields.extend({
      maxMode: side.optional(),
      trading_mode: side.optional(),
      file: z.string().optional().openapi({ type: 'string', format: 'binary' }),
    }),
    fileField: 'file',
    responses: { 200: backtestAnswer },
    refusals: [400, 404, 409],
    entity: (_params, { ids }) => `backtest-${ids.uuid()}`,
  })(async (call) => ({ status: 200, body: await backtest(call as ApiCall) })),
];
