/** Orca's bots: `max` live for one account or several. A bot is a task for each of its accounts; the first one gives it its number. */
import { z } from '@hono/zod-openapi';
import type { RunAnswered, RunStop } from '../../messages/run.ts';
import type { TaskRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { seesAll } from '../kit/caller.ts';
import { notFound, unavailable } from '../kit/problem.ts';
import { READERS, type Route, route, TRADERS, UNLIMITED } from '../kit/route.ts';
import { accountsOf, type BotConfig, type BotFields, bot, botFields, sideOf, startedBot } from './bot-form.ts';
import { keysOf, modeOf, symbolOf } from './max-form.ts';
import { iso } from './spelling.ts';
import { orcaSurface as surface } from './surface.ts';
import { startTask } from './tasks.ts';

const BOTS_SHOWN_MAX = 200;

const botIdOf = (taskId: number): string => `max-${String(taskId).padStart(3, '0')}`;
const taskIdOf = (botId: string): number | undefined => {
  const [, digits] = /^max-(\d{3,9})$/.exec(botId) ?? [];
  return digits !== undefined && botIdOf(Number(digits)) === botId ? Number(digits) : undefined;
};
/** The request of each account's task follows from the bot's, so that all of them are found again. */
const requestOf = (botRequest: string, index: number): string => (index === 0 ? botRequest : `${botRequest}.${index}`);

const labelsOf = ({ labels }: TaskRow): Readonly<Record<string, string>> => JSON.parse(labels);
const configOf = (row: TaskRow): BotConfig => JSON.parse(labelsOf(row).config ?? '{}') as BotConfig;

async function stopTask(call: ApiCall, row: TaskRow): Promise<void> {
  if (!row.open) return;
  const stop: RunStop = { type: 'run.stop', taskId: Number(row.id), by: call.caller.sub };
  await call.ask<RunAnswered>(stop);
}

/** The tasks of a bot, the one that names it first. */
async function tasksOf({ house }: ApiCall, first: TaskRow): Promise<TaskRow[]> {
  const { accounts_ids: accounts } = configOf(first);
  const rest = accounts
    .slice(1)
    .map((_, index) => house.read.runs.taskOfRequest(requestOf(first.requestId, index + 1)));
  return [first, ...(await Promise.all(rest)).filter((row) => row !== undefined)];
}

async function start(call: ApiCall, fields: BotFields) {
  if (fields.environment === 'LIVE') throw unavailable('No broker is configured for LIVE; use DEMO');
  const keys = keysOf({
    point: { field: 'point_strategy_key', key: fields.point_strategy_key },
    exit: { field: 'exit_strategy_key', key: fields.exit_strategy_key },
  });
  const mode = modeOf(fields.maxMode, fields.trading_mode);
  const followed = sideOf(mode, fields.trading_side);
  const symbol = symbolOf(fields.contract);
  const accounts = accountsOf(call, fields);
  const { accounts_ids: _entries, maxMode: _mode, notes: told, ...rest } = fields;
  const config: BotConfig = {
    ...{ ...rest, trading_mode: mode, accounts_ids: accounts.map(({ venueId }) => venueId) },
    ...(told !== undefined && { notes: told }),
  };
  const started: number[] = [];
  try {
    for (const [index, { id: accountId }] of accounts.entries()) {
      const { taskId } = await startTask(call, {
        ...{ requestId: requestOf(call.entity, index), taskType: 'trading', strategyType: 'max', symbol, accountId },
        ...{ name: `max bot ${fields.contract}`, parameters: { side: followed, ...keys, quantity: fields.quantity } },
        ...{ dataSource: 'store', granularity: 'ticks', startAt: null, endAt: null },
        labels: { bot: call.entity, config: JSON.stringify(config) },
      });
      started.push(taskId);
    }
  } catch (error) {
    // A bot runs for all of its accounts or for none.
    for (const taskId of started) {
      const row = await call.house.read.runs.task(taskId);
      if (row) await stopTask(call, row);
    }
    throw error;
  }
  return { bot_id: botIdOf(started[0] ?? 0), config };
}

async function shown(call: ApiCall, first: TaskRow): Promise<z.infer<typeof bot>> {
  const tasks = await tasksOf(call, first);
  return {
    bot_id: botIdOf(Number(first.id)),
    status: tasks.some(({ open }) => open) ? 'running' : 'stopped',
    config: configOf(first),
    created_at: iso(first.createdAt),
    executions: tasks.map(({ accountId, executionId, status }) => ({
      ...{ account_id: accountId ?? '', execution_id: executionId, status },
    })),
  };
}

const namesBot = (row: TaskRow): boolean =>
  row.surface === 'orca' && row.taskType === 'trading' && labelsOf(row).bot === row.requestId;

/** The task that names the bot, if the caller may see it. */
async function visibleBot(call: ApiCall, botId: string): Promise<TaskRow> {
  const taskId = taskIdOf(botId);
  const row = taskId === undefined ? undefined : await call.house.read.runs.task(taskId);
  const isVisible = row && namesBot(row) && (row.userId === call.caller.sub || seesAll(call.caller));
  if (!isVisible) throw notFound('Bot', botId);
  return row;
}

const common = { surface, rateLimit: UNLIMITED, tag: 'Bots' } as const;
const botParam = z.object({ bot_id: z.string() });

export const botRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/run-bot/max',
    policy: TRADERS,
    summary: 'Start max live on paper',
    body: botFields,
    bodyFormats: ['multipart', 'form'],
    responses: { 200: startedBot },
    refusals: [404],
    entity: (_params, { ids }) => `bot-${ids.uuid()}`,
  })(async (call) => {
    const started = await start(call as ApiCall, call.body);
    return { status: 200, body: { status: 'running', ...started, message: 'Max bot started successfully' } };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/run-bot',
    policy: READERS,
    summary: 'Bots, the newest first',
    responses: { 200: z.object({ bots: z.array(bot), count: z.int() }) },
  })(async (call) => {
    const { house, caller } = call;
    const filter = { surface: 'orca', taskType: 'trading', ...(!seesAll(caller) && { userId: caller.sub }) } as const;
    const { rows } = await house.read.runs.tasks(filter, BOTS_SHOWN_MAX, 0);
    const bots = await Promise.all(rows.filter(namesBot).map((row) => shown(call as ApiCall, row)));
    return { status: 200, body: { bots, count: bots.length } };
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/run-bot/:bot_id',
    policy: READERS,
    summary: 'A bot with its executions',
    params: botParam,
    responses: { 200: bot },
    refusals: [404],
  })(async (call) => {
    const first = await visibleBot(call as ApiCall, call.params.bot_id);
    return { status: 200, body: await shown(call as ApiCall, first) };
  }),
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/run-bot/:bot_id/stop',
    policy: TRADERS,
    summary: 'Stop a bot for good',
    params: botParam,
    responses: { 200: startedBot },
    refusals: [404],
  })(async (call) => {
    const first = await visibleBot(call as ApiCall, call.params.bot_id);
    for (const row of await tasksOf(call as ApiCall, first)) await stopTask(call as ApiCall, row);
    const row = await visibleBot(call as ApiCall, call.params.bot_id);
    const { bot_id, status, config } = await shown(call as ApiCall, row);
    const message = status === 'stopped' ? 'Max bot stopped' : 'Max bot is stopping';
    return { status: 200, body: { status, bot_id, config, message } };
  }),
];
