/** `runs`: what the house's tasks and runs are, and what a run has put out. Reads only; the contracts start, pause and stop runs. */
import { type Command, Option } from 'commander';
import { EVENT_TYPES } from '../../../api/executions/schemas.ts';
import type { RunSummary, RunTrade } from '../../../domain/run.ts';
import { dateAndTime } from '../../../drawing/scale.ts';
import type { RunRow, TaskRow } from '../../../projections/rows.ts';
import type { RunHead, RunLine } from '../../../projections/run-outputs.ts';
import { figureLabel, moneyText, pairsText, percentText } from '../../../runs/report/text.ts';
import type { Operations } from '../operations.ts';
import { CommandFailure } from '../outcome.ts';
import type { OpenSession, Session } from '../session.ts';
import { right, table } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';
import { tradesTable } from './report-text.ts';

const EXAMPLES = `
Examples:
  runs                             tasks, newest first, each with its newest run
  runs of 4                        all runs of task 4, newest first
  runs show 12
  runs events 12 --type trade_executed --after 100
  runs trades 12 --limit 50 --json
  report 12 --html run-12.html     the whole report of a completed backtest
`;
const LIST_ROWS = 20;
const LINES = 100;
const LINES_MAX = 1_000;
const RUN_MAX = 999_999_999;

export const runNumber = wholeNumber(1, RUN_MAX);
const pageSize = wholeNumber(1, LINES_MAX);

/** Ends the command where there is no such run. */
export async function findRun({ runs }: Operations, executionId: number): Promise<RunRow> {
  const run = await runs.run(executionId);
  if (!run) throw new CommandFailure(`there is no run ${executionId}`);
  return run;
}

const behindText = (shown: number, total: number): string => (shown < total ? `\n${shown} of ${total}` : '');

async function list(session: Session, { limit, offset }: { limit: number; offset: number }): Promise<void> {
  await session.operate(async (house) => {
    const page = await house.runs.tasks({}, limit, offset);
    const text =
      page.rows.length === 0
        ? 'there are no tasks'
        : `${table(
            ['run', 'task', 'name', 'type', 'strategy', 'symbol', 'status', 'runs', 'made (UTC)', 'by'],
            page.rows.map(listed),
          )}${behindText(page.rows.length, page.total)}`;
    await session.print(page, text);
  });
}

const listed = (task: TaskRow) => [
  ...[right(String(task.executionId ?? '-')), right(task.id), task.name, task.taskType, task.strategyType],
  ...[task.symbol, task.status, task.executions, dateAndTime(task.createdAt), task.userId],
];

async function ofTask(session: Session, taskId: number, { limit, offset }: { limit: number; offset: number }) {
  await session.operate(async (house) => {
    if (!(await house.runs.task(taskId))) throw new CommandFailure(`there is no task ${taskId}`);
    const page = await house.runs.runsOf(taskId, limit, offset);
    const shown = page.rows.map((run) => [
      ...[right(run.id), run.executionNumber, statusText(run), timeText(run.createdAt), timeText(run.startedAt)],
      timeText(run.completedAt),
    ]);
    const text =
      page.rows.length === 0
        ? `task ${taskId} has no such runs`
        : `${table(['run', 'number', 'status', 'made', 'began', 'ended'], shown)}${behindText(page.rows.length, page.total)}`;
    await session.print(page, text);
  });
}

async function show(session: Session, executionId: number): Promise<void> {
  await session.operate(async (house) => {
    const run = await findRun(house, executionId);
    const [head, task] = await Promise.all([house.runs.head(executionId), house.runs.task(run.taskId)]);
    await session.print({ run, task: task ?? null, head }, runText(run, task, head));
  });
}

const timeText = (at: number | null): string => (at === null ? '-' : `${dateAndTime(at)} UTC`);

const removedText = (at: number | null): string =>
  at === null ? '' : `; the lines were removed on ${dateAndTime(at)} UTC (RUNS_KEEP_DAYS)`;

/** Ends the command where the lines of a run are gone: an empty list would be a lie. */
async function assertLines({ runs }: Operations, executionId: number): Promise<void> {
  const { linesRemovedAt } = await runs.head(executionId);
  if (linesRemovedAt !== null)
    throw new CommandFailure(`run ${executionId} has its figures${removedText(linesRemovedAt)}`);
}

const statusText = ({ status, stoppedBy, error }: RunRow): string =>
  `${status}${status !== 'stopped' || stoppedBy === null ? '' : ` by ${stoppedBy}`}${error === null ? '' : `: ${error}`}`;

function runText(run: RunRow, task: TaskRow | undefined, head: RunHead): string {
  const { progressRatio, marketAt, last, figures, linesRemovedAt } = head;
  const label =
    run.taskType === 'backtest' ? 'SIMULATED: a backtest. Nothing of this was traded.' : 'A run on live market data.';
  const name = task ? ` "${task.name}"` : '';
  const parameters = task ? pairsText(JSON.parse(task.parameters) as object) || 'defaults' : 'not known any more';
  const rows = [
    ['run', `${run.id}, number ${run.executionNumber} of task ${run.taskId}${name}`],
    ['what', `${run.strategyType} on ${run.symbol}`],
    ['parameters', parameters],
    ['status', `${statusText(run)}, ${percentText(progressRatio)} done`],
    ['began', timeText(run.startedAt)],
    ['ended', timeText(run.completedAt)],
    ['market time', timeText(marketAt)],
    [
      'output',
      `${last.event} events, ${last.trade} trades, ${last.equity} points of equity${removedText(linesRemovedAt)}`,
    ],
  ];
  const known = figures ? ['', table(['figure', ''], summaryRows(figures))] : [];
  return [label, table(['', ''], rows).trimStart(), ...known].join('\n');
}

const summaryText = (name: string, value: number | null): string => {
  if (value === null) return 'n/a';
  if (name.includes('Ratio')) return percentText(value);
  return Number.isInteger(value) ? value.toLocaleString('en-US') : moneyText(value);
};

const summaryRows = (figures: RunSummary) =>
  Object.entries(figures).map(([name, value]) => [figureLabel(name), right(summaryText(name, value as number | null))]);

interface LinesFlags {
  readonly after: number;
  readonly limit: number;
  readonly type?: string;
}

const payloadOf = ({ sequence, at, kind, payload }: RunLine) => ({
  ...{ sequence, at, kind },
  ...(JSON.parse(payload) as object),
});

async function events(session: Session, executionId: number, { after, limit, type }: LinesFlags): Promise<void> {
  await session.operate(async (house) => {
    await findRun(house, executionId);
    await assertLines(house, executionId);
    const filter = { after, ...(type !== undefined && { kind: type }) };
    const { rows, total } = await house.runs.page(executionId, 'event', filter, limit, 0);
    const shown = rows.map((row) => [row.sequence, dateAndTime(row.at), row.kind, pairsText(JSON.parse(row.payload))]);
    const text =
      rows.length === 0
        ? 'there are no such events'
        : `${table(['#', 'market time (UTC)', 'event', ''], shown)}${behindText(rows.length, total)}`;
    await session.print({ events: rows.map(payloadOf), total }, text);
  });
}

async function trades(session: Session, executionId: number, { after, limit }: LinesFlags): Promise<void> {
  await session.operate(async (house) => {
    await findRun(house, executionId);
    await assertLines(house, executionId);
    const { rows, total } = await house.runs.page(executionId, 'trade', { after }, limit, 0);
    const told = rows.map((row) => payloadOf(row) as unknown as RunTrade);
    const text =
      rows.length === 0 ? 'there are no such trades' : `${tradesTable(told)}${behindText(rows.length, total)}`;
    await session.print({ trades: told, total }, text);
  });
}

export function addRunsCommands(program: Command, open: OpenSession): void {
  const runs = program
    .command('runs')
    .description('tasks and their runs, of every contract')
    .addHelpText('after', EXAMPLES);
  runs
    .command('list', { isDefault: true })
    .description('tasks, newest first, each with its newest run')
    .option('--limit <rows>', 'rows of the table', pageSize, LIST_ROWS)
    .option('--offset <rows>', 'newer ones that are left out', wholeNumber(0), 0)
    .action((flags: { limit: number; offset: number }, command: Command) => list(open(command), flags));
  runs
    .command('of')
    .description('all runs of a task, newest first')
    .argument('<task>', 'its number', runNumber)
    .option('--limit <rows>', 'rows of the table', pageSize, LIST_ROWS)
    .option('--offset <rows>', 'newer ones that are left out', wholeNumber(0), 0)
    .action((task: number, flags: { limit: number; offset: number }, command: Command) =>
      ofTask(open(command), task, flags),
    );
  runs
    .command('show')
    .description('one run: how far it is, and its figures')
    .argument('<run>', 'its number', runNumber)
    .action((run: number, _: unknown, command: Command) => show(open(command), run));
  const lines = (name: string, about: string): Command =>
    runs
      .command(name)
      .description(about)
      .argument('<run>', 'its number', runNumber)
      .option('--after <sequence>', 'only those behind it', wholeNumber(0), 0)
      .option('--limit <rows>', 'at most so many', pageSize, LINES);
  lines('events', 'signals, executions and changes of status')
    .addOption(new Option('--type <type>', 'only these').choices(EVENT_TYPES))
    .action((run: number, flags: LinesFlags, command: Command) => events(open(command), run, flags));
  lines('trades', 'closed entries').action((run: number, flags: LinesFlags, command: Command) =>
    trades(open(command), run, flags),
  );
}
