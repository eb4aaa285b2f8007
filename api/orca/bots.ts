/** Orca's bots: `max` live for one account or several. A bot is a task for each of its accounts; the first one gives it its number. */
import { z } from '@hono/zod-openapi';
import type { RunAnswered, RunStop } from '../../messages/run.ts';
import { accountNamed } from '../../projections/account-names.ts';
import type { TaskRow } from '../../projections/rows.ts';
import type { TasksFilter } from '../../projections/run-reads.ts';
import { sharingNotices } from '../../projections/shared-position.ts';
import type { ApiCall } from '../kit/call.ts';
import { actsForOthers, seesAll } from '../kit/caller.ts';
import { entryNotices } from '../kit/entry-notices.ts';
import type { House } from '../kit/house.ts';
import { iso } from '../kit/instant.ts';
import { notFound, Problem, unavailable } from '../kit/problem.ts';
import { READERS, type Route, route, TRADERS, UNLIMITED } from '../kit/route.ts';
import {
  accountsOf,
  type BotConfig,
  type BotFields,
  bot,
  botFields,
  checkEnvironment,
  sideOf,
  startedBot,
  stoppedBot,
  tradedSymbolOf,
} from './bot-form.ts';
import { filledIn } from './filled-form.ts';
import { keysOf, modeOf } from './max-form.ts';
import { orcaSurface as surface } from './surface.ts';
import { startTask } from './tasks.ts';

const BOTS_SHOWN_MAX = 200;
const TASKS_A_PAGE = 1_000;
/** Who stops what a start has begun in vain: a run that ended so was never anybody's wish. */
const ROLLED_BACK = 'house';
const STARTED = { status: 'running', message: 'Max bot started successfully' } as const;
const STOPPED = { status: 'stopped', message: 'Max bot stopped' } as const;

const botIdOf = (taskId: number): string => `max-${String(taskId).padStart(3, '0')}`;
const taskIdOf = (botId: string): number | undefined => {
  const [, digits] = /^max-(\d{3,9})$/.exec(botId) ?? [];
  return digits !== undefined && botIdOf(Number(digits)) === botId ? Number(digits) : undefined;
};
/** The request of each account's task follows from the bot's, so that all of them are found again. */
const requestOf = (botRequest: string, index: number): string => (index === 0 ? botRequest : `${botRequest}.${index}`);

const labelsOf = ({ labels }: TaskRow): Readonly<Record<string, string>> => JSON.parse(labels);
const configOf = (row: TaskRow): BotConfig => JSON.parse(labelsOf(row).config ?? '{}') as BotConfig;

async function stopTask(call: ApiCall, row: TaskRow, by = call.caller.sub): Promise<void> {
  const stop: RunStop = { type: 'run.stop', taskId: Number(row.id), by };
  await call.ask<RunAnswered>(stop);
}

/** What a bot's requests have made so far, in the order of its accounts. */
async function tasksOfRequest({ house }: ApiCall, botRequest: string, accounts: number): Promise<TaskRow[]> {
  const rows = Array.from({ length: accounts }, (_, index) =>
    house.read.runs.taskOfRequest(requestOf(botRequest, index)),
  );
  return (await Promise.all(rows)).filter((row) => row !== undefined);
}

/** The tasks of a bot, the one that names it first. */
const tasksOf = (call: ApiCall, first: TaskRow): Promise<TaskRow[]> =>
  tasksOfRequest(call, first.requestId, configOf(first).accounts_ids.length);

/**
 * A bot runs for all of its accounts or for none. A run whose start was not answered may have begun all the same: each is told to stop,
 * whatever is known of it. A stop that fails too is made good by the next try, which starts what is missing.
 */
async function rollBack(call: ApiCall, accounts: number): Promise<void> {
  const { house, entity, requestId } = call;
  for (const row of await tasksOfRequest(call, entity, accounts))
    await stopTask(call, row, ROLLED_BACK).catch((error: unknown) => {
      house.log.error('bot.not-rolled-back', { requestId, taskId: row.id, reason: String(error) });
    });
}

/**
 * A bot that an earlier try has begun for all of its accounts, and that rests: whoever has stopped it wants it so. A roll-back does not;
 * one that is still under way is waited for, since a run that is stopping can't be begun anew.
 */
async function stoppedBefore(call: ApiCall, accounts: number): Promise<TaskRow | undefined> {
  const tasks = await tasksOfRequest(call, call.entity, accounts);
  const runOf = async ({ executionId }: TaskRow) =>
    executionId === null ? undefined : call.house.read.runs.run(executionId);
  const runs = await Promise.all(tasks.map(runOf));
  if (runs.some((run) => run?.open && run.stoppedBy === ROLLED_BACK))
    throw unavailable('An earlier start is still being taken back, please try again');
  const isWhole = runs.length === accounts && runs.every((run) => run && !run.open && run.stoppedBy !== ROLLED_BACK);
  return isWhole ? tasks[0] : undefined;
}

async function start(call: ApiCall, fields: BotFields) {
  checkEnvironment(call.house, fields);
  const keys = keysOf({
    point: { field: 'point_strategy_key', key: fields.point_strategy_key },
    exit: { field: 'exit_strategy_key', key: fields.exit_strategy_key },
  });
  const mode = modeOf(fields.maxMode, fields.trading_mode);
  const followed = sideOf(mode, fields.trading_side);
  const accounts = accountsOf(call, fields);
  const symbol = tradedSymbolOf(call.house, fields.contract);
  const { accounts_ids: _entries, maxMode: _mode, notes: told, ...rest } = fields;
  const config: BotConfig = {
    ...{ ...rest, trading_mode: mode, accounts_ids: accounts.map(({ venueId }) => venueId) },
    ...(told !== undefined && { notes: told }),
  };
  const stopped = call.repeated ? await stoppedBefore(call, accounts.length) : undefined;
  if (stopped) return { ...STOPPED, bot_id: botIdOf(Number(stopped.id)), config, notices: [] };
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
    await rollBack(call, accounts.length);
    throw error;
  }
  const parameters = { quantity: fields.quantity };
  const notices = [...entryNotices(call.house, { strategyType: 'max', parameters, symbol })];
  for (const [index, { id: accountId }] of accounts.entries())
    notices.push(...(await sharingNotices(call.house.read.runs, { id: String(started[index]), symbol, accountId })));
  return { ...STARTED, bot_id: botIdOf(started[0] ?? 0), config, notices };
}

/** An account by the venue's id, as everywhere in this contract. */
function shown({ read }: House, first: TaskRow, tasks: readonly TaskRow[]): z.infer<typeof bot> {
  const venueIdOf = (accountId: string): string => accountNamed(read.accounts(), accountId)?.venueId ?? accountId;
  return {
    bot_id: botIdOf(Number(first.id)),
    status: tasks.some(({ open }) => open) ? 'running' : 'stopped',
    config: configOf(first),
    created_at: iso(first.createdAt),
    executions: tasks.map(({ accountId, executionId, status }) => ({
      ...{ account_id: venueIdOf(accountId ?? ''), execution_id: executionId, status },
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

/** The same, if the caller may act for it and not only look. */
async function actedBot(call: ApiCall, botId: string): Promise<TaskRow> {
  const row = await visibleBot(call, botId);
  if (row.userId !== call.caller.sub && !actsForOthers(call.caller))
    throw new Problem('forbidden', `Bot ${botId} is somebody else's`);
  return row;
}

/** The newest bots with their tasks. The task that names a bot is its oldest: behind it nothing of the bot comes any more. */
async function newestBots(house: House, filter: TasksFilter): Promise<z.infer<typeof bot>[]> {
  const groups = new Map<string, Map<string, TaskRow>>();
  const bots: z.infer<typeof bot>[] = [];
  let before: number | undefined;
  for (;;) {
    const { rows } = await house.read.runs.tasks({ ...filter, before }, TASKS_A_PAGE, 0);
    for (const row of rows) {
      const botRequest = labelsOf(row).bot;
      if (botRequest === undefined) continue;
      const group = groups.get(botRequest) ?? new Map<string, TaskRow>();
      groups.set(botRequest, group.set(row.requestId, row));
      if (!namesBot(row)) continue;
      const tasks = configOf(row).accounts_ids.map((_, index) => group.get(requestOf(botRequest, index)));
      bots.push(
        shown(
          house,
          row,
          tasks.filter((task) => task !== undefined),
        ),
      );
      groups.delete(botRequest);
      if (bots.length === BOTS_SHOWN_MAX) return bots;
    }
    if (rows.length < TASKS_A_PAGE) return bots;
    before = rows.at(-1)?.sequence;
  }
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
    body: filledIn(botFields),
    bodyFormats: ['multipart', 'form'],
    responses: { 200: startedBot },
    refusals: [400, 404],
    entity: (_params, { ids }) => `bot-${ids.uuid()}`,
  })(async (call) => ({ status: 200, body: await start(call as ApiCall, call.body) })),
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
    const bots = await newestBots(house, filter);
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
    return { status: 200, body: shown(call.house, first, await tasksOf(call as ApiCall, first)) };
  }),
  route({
    ...common,
    method: 'POST',
    path: '/api/v1/run-bot/:bot_id/stop',
    policy: TRADERS,
    summary: 'Stop a bot for good',
    params: botParam,
    responses: { 200: stoppedBot },
    refusals: [404],
  })(async (call) => {
    const first = await actedBot(call as ApiCall, call.params.bot_id);
    for (const row of await tasksOf(call as ApiCall, first)) await stopTask(call as ApiCall, row);
    const { bot_id, status, config } = shown(call.house, first, await tasksOf(call as ApiCall, first));
    const message = status === 'stopped' ? 'Max bot stopped' : 'Max bot is stopping';
    return { status: 200, body: { status, bot_id, config, message } };
  }),
];
