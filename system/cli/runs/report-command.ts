/**
 * `report`: the whole report of a completed backtest, made by running it once more over the rows that it had. Invariant: a report is
 * only shown when it comes to what was recorded.
 */
import type { Command } from 'commander';
import { findInstrument, type Instrument } from '../../../domain/instrument.ts';
import type { TaskView } from '../../../messages/run.ts';
import type { RunRow } from '../../../projections/rows.ts';
import { taskOf } from '../../../projections/tasks.ts';
import { planOf, sourceOf } from '../../../runs/backtest/backtest.ts';
import type { Source } from '../../../runs/backtest/source.ts';
import { importsNow } from '../../../runs/backtest/store-source.ts';
import { NO_COSTS } from '../../../runs/engine/terms.ts';
import { figureIn } from '../../../runs/optimize/ranking.ts';
import type { RunReport } from '../../../runs/report/report.ts';
import { runWhole } from '../../../runs/report/run-whole.ts';
import { seededRandom } from '../../../runtime/simulated/random.ts';
import { payloadOf } from '../../run-work.ts';
import type { Operations } from '../operations.ts';
import { badUsage, CommandFailure } from '../outcome.ts';
import { ProgressBar } from '../progress-bar.ts';
import { unreadableFile } from '../refused-file.ts';
import { assertAbsent, type OpenSession, type Session } from '../session.ts';
import { sizeOf } from '../tick-file.ts';
import { addShownOptions, showReport } from './backtest-command.ts';
import type { ReportShown } from './report-text.ts';
import { findRun, runNumber } from './runs-commands.ts';
import { readTickFile, rowsOf } from './series.ts';

const EXAMPLES = `
The series is read again: imports that came after the run began are left out. Where the rows are not what they were,
the report would not be of this run, and the command fails. A run over a file that came with its request (orca's
backtest) needs the same file once more: its rows are not kept.

Examples:
  report 12
  report 12 --html run-12.html
  report 12 --all --trades 20
  report 13 --file ticks.csv
`;

interface ReportFlags extends ReportShown {
  readonly html?: string;
  readonly file?: string;
}

/** Imports that were there when the run was made; all of them where its world has a clock of its own. */
async function importsOf({ series }: Operations, run: RunRow, name: string): Promise<readonly string[]> {
  const all = await series.imports(name);
  const before = all.filter(({ publishedAt }) => publishedAt <= run.createdAt);
  return (before.length > 0 ? before : all).map(({ id }) => id);
}

/** The rows that a run had. */
async function sourceOfRun(
  session: Session,
  house: Operations,
  { run, task, file }: { readonly run: RunRow; readonly task: TaskView; readonly file: string | undefined },
): Promise<Source> {
  const asked = payloadOf({ task });
  const { symbol, dataSource, series = symbol } = asked;
  if (task.dataSource !== 'upload') {
    if (file !== undefined) throw badUsage(`run ${run.id} did not run over a file: leave --file out`);
    const imports = dataSource === 'store' ? await importsOf(house, run, series) : [];
    return sourceOf(asked, imports, house.series, seededRandom);
  }
  if (file === undefined)
    throw new CommandFailure(
      `run ${run.id} ran over a file that came with its request, and its rows are not kept: give the file again with --file`,
    );
  const { store, result } = await readTickFile(session, { path: file, sizeBytes: sizeOf(file) }, series);
  if (result.outcome === 'refused') throw unreadableFile(result.reason, result.badLines);
  return sourceOf(asked, await importsNow(store, series), store, seededRandom);
}

async function reportOn(session: Session, run: RunRow, task: TaskView, source: Source): Promise<RunReport> {
  const asked = payloadOf({ task });
  const { symbol, dataSource, costs = {} } = asked;
  const instrument = findInstrument(symbol) as Instrument;
  const about = {
    name: `${task.name} (run ${run.id})`,
    symbol: instrument.symbol,
    costs: { ...NO_COSTS, ...costs } as typeof NO_COSTS,
    simulatedMarket: dataSource === 'simulated',
  };
  const plan = planOf(asked);
  const parameters = plan.strategy.parameters.parse(task.parameters);
  const bar = new ProgressBar(session.terminal);
  const rows = rowsOf({ symbol, source }, bar, 'run over');
  const report = await runWhole({ ...plan, parameters }, about, rows).finally(() => bar.clear());
  if (!report) throw new CommandFailure(`there is no data of ${symbol} in this period any more`);
  return report;
}

/** Rows and trades exactly, money to the cent. */
async function assertSame({ runs }: Operations, run: RunRow, report: RunReport): Promise<void> {
  const { figures } = await runs.head(Number(run.id));
  if (!figures) throw new CommandFailure(`run ${run.id} has recorded no figures`);
  const net = figureIn(report.families, 'netProfit') ?? 0;
  const isSame =
    figures.processed === report.processed &&
    figures.trades === report.tradeCount &&
    Math.abs(figures.totalPnl - net) < 0.005;
  if (isSame) return;
  const told = (rows: number, trades: number, money: number): string =>
    `${rows} rows, ${trades} trades and ${money.toFixed(2)}`;
  throw new CommandFailure(
    `the series is not what it was: run ${run.id} had ${told(figures.processed, figures.trades, figures.totalPnl)}, ` +
      `now it would have ${told(report.processed, report.tradeCount, net)}`,
  );
}

async function reportRun(session: Session, executionId: number, flags: ReportFlags): Promise<void> {
  if (flags.html !== undefined) assertAbsent(flags.html);
  await session.operate(async (house) => {
    const run = await findRun(house, executionId);
    if (run.taskType !== 'backtest')
      throw new CommandFailure(`run ${executionId} is live: reports are of backtests; see runs show and runs trades`);
    if (run.status !== 'completed')
      throw new CommandFailure(`run ${executionId} is ${run.status}: reports are of completed backtests`);
    const task = await house.runs.task(run.taskId);
    if (!task) throw new CommandFailure(`the task ${run.taskId} of run ${executionId} is gone`);
    const view = taskOf(task);
    const source = await sourceOfRun(session, house, { run, task: view, file: flags.file });
    const report = await reportOn(session, run, view, source);
    await assertSame(house, run, report);
    await showReport(session, report, flags);
  });
}

export function addReportCommand(program: Command, open: OpenSession): void {
  addShownOptions(program.command('report'))
    .description('the report of a completed backtest of the house')
    .argument('<run>', 'its number', runNumber)
    .addHelpText('after', EXAMPLES)
    .option('--file <file>', 'the file that came with the request of the run')
    .action((run: number, flags: ReportFlags, command: Command) => reportRun(open(command), run, flags));
}
