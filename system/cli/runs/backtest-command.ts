/** `backtest`: one strategy over one series, here and now. Nothing of it is kept but the page that is asked for. */
import type { Command } from 'commander';
import { findInstrument, type Instrument } from '../../../domain/instrument.ts';
import { termsOf } from '../../../runs/engine/terms.ts';
import { renderReport } from '../../../runs/report/html.ts';
import type { RunReport } from '../../../runs/report/report.ts';
import { runWhole } from '../../../runs/report/run-whole.ts';
import { findStrategy, STRATEGIES } from '../../../strategies/all.ts';
import type { StrategyDefinition } from '../../../strategies/strategy.ts';
import { CommandFailure } from '../outcome.ts';
import { ProgressBar } from '../progress-bar.ts';
import { assertAbsent, type OpenSession, type Session, writeNew } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';
import { addRunOptions, costsOf, type RunFlags } from './flags.ts';
import { parametersOf, parametersText } from './parameters.ts';
import { type ReportShown, reportText } from './report-text.ts';
import { rowsOf, withSeries } from './series.ts';

const EXAMPLES = `
Strategies and their parameters, with what they are where nothing is given:
${STRATEGIES.map(parametersText).join('\n')}
  max also takes point_key=15_7_5_2 (impulse, pullback, confirmation, entries) and exit_key=15_15 (target, stop).

A strategy over ticks is given each bar as one print at its close where --bars is given or the file holds bars.
What is shown is simulated: fills follow the paper venue's rules, and nothing is traded.

Examples:
  backtest --strategy max --param point_key=15_7_5_2 --param exit_key=15_15 --file "NQ 03-20.Last.txt"
  backtest --strategy sma_cross --param fast=10 --param slow=30 --file NQ.csv.gz --bars 1m --html sma.html
  backtest --strategy floor --instrument EURUSD --from 2014-05-08 --to 2014-05-09 --commission-bps 0.2 --json
`;

interface BacktestFlags extends RunFlags, ReportShown {
  readonly html?: string;
}

/** Ends the command for a strategy that nobody knows: the option's choices allow none. */
export const strategyOf = ({ strategy }: Pick<RunFlags, 'strategy'>): StrategyDefinition => {
  const found = findStrategy(strategy);
  if (!found) throw new Error(`Invariant: ${strategy} is one of the choices`);
  return found;
};

/** Prints a report, and writes its page where one is asked for. */
export async function showReport(
  session: Session,
  report: RunReport,
  { html, ...shown }: ReportShown & { readonly html?: string },
): Promise<void> {
  if (html !== undefined) {
    const bytes = await writeNew(html, ReadableStream.from([renderReport(report)]));
    session.terminal.note(`wrote ${html}, ${bytes} bytes`);
  }
  await session.print(report, reportText(report, shown));
}

async function backtest(session: Session, flags: BacktestFlags): Promise<void> {
  const strategy = strategyOf(flags);
  const parameters = parametersOf(strategy, flags.param);
  const { html, trades, all } = flags;
  if (html !== undefined) assertAbsent(html);
  await withSeries(session, flags, strategy, async (series) => {
    const { symbol } = series;
    const costs = costsOf(flags);
    const plan = { strategy, parameters, terms: termsOf(findInstrument(symbol) as Instrument, costs) };
    const about = { name: `${strategy.name} on ${symbol}`, symbol, costs, simulatedMarket: false };
    const bar = new ProgressBar(session.terminal);
    const report = await runWhole(plan, about, rowsOf(series, bar, 'run over')).finally(() => bar.clear());
    if (!report) throw new CommandFailure(`there is no data of ${symbol} in this period`);
    await showReport(session, report, { trades, all, ...(html !== undefined && { html }) });
  });
}

export const addShownOptions = (command: Command): Command =>
  command
    .option('--trades <count>', 'how many trades are listed', wholeNumber(0), 0)
    .option('--all', 'every figure, not only the main ones', false)
    .option('--html <file>', 'a new file: the report as a page that needs nothing else');

export function addBacktestCommand(program: Command, open: OpenSession): void {
  addShownOptions(addRunOptions(program.command('backtest')))
    .description('run a strategy over a file or a stored series and report on it')
    .addHelpText('after', EXAMPLES)
    .action((flags: BacktestFlags, command: Command) => backtest(open(command), flags));
}
