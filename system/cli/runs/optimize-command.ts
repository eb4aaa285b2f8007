/** `optimize`: every combination of a grid over one series, ranked; or chosen on one stretch and proved on the next. */
import type { Command } from 'commander';
import { planOf } from '../../../runs/backtest/backtest.ts';
import { type Search, searchGrid, walkForward } from '../../../runs/optimize/search.ts';
import { shareColumns } from '../../../runs/optimize/shared-columns.ts';
import { figureNames } from '../../../runs/optimize/trial.ts';
import { type Fold, foldsOf } from '../../../runs/optimize/walk-forward.ts';
import { badUsage, CommandFailure } from '../outcome.ts';
import { ProgressBar } from '../progress-bar.ts';
import type { OpenSession, Session } from '../session.ts';
import { strategyOf } from './backtest-command.ts';
import { costsOf } from './flags.ts';
import { addOptimizeOptions, type Grid, gridFrom, type OptimizeFlags } from './optimize-flags.ts';
import { gridJson, gridText, type Searched, SHOWN_FIGURES, walkJson, walkText } from './optimize-text.ts';
import { type OpenedSeries, type Rows, rowsOf, withSeries } from './series.ts';
import { withThreads } from './trial-threads.ts';

const EXAMPLES = `
Trials run in threads over one copy of the rows. Combinations that the strategy does not take (fast not below slow) are
left out and counted. Every trial begins with nothing: averages of a stretch know no row before it.

With --walk-forward N the rows after the first training stretch are cut into N tests. Each test is traded with the set
that was best on the stretch before it, so that no row that chose also judges. Efficiency is test profit a row over
training profit a row.

Ctrl-C ends the search; nothing is ranked then, and the exit code is 1.

Examples:
  optimize --strategy sma_cross --grid fast=5:20:5 --grid slow=30:90:10 --file NQ.csv.gz --bars 1m
  optimize --strategy max --grid point_key=15_7_5_2,20_10_5_2 --grid exit_key=10_10,15_15,30_15 --file NQ.csv.gz
  optimize --strategy sma_cross --grid fast=5:20:5 --param slow=50 --instrument EURUSD --bars 5m --walk-forward 5
           --objective sharpeRatio --min-trades 20 --json
`;

/** One test of equal length a fold; the training before the first takes `train` lengths of a test. */
function foldsFrom(rows: number, folds: number, { train, anchored }: OptimizeFlags): readonly Fold[] {
  const testRows = Math.floor(rows / (folds + train));
  if (testRows < 1) throw badUsage(`${rows} rows are too few for ${folds} folds`);
  const kind = anchored ? 'anchored' : 'rolling';
  // What division leaves over goes to the first training, so that there are exactly so many tests.
  return foldsOf(rows, { trainRows: rows - folds * testRows, testRows, kind });
}

async function readAll(series: OpenedSeries, bar: ProgressBar): Promise<Rows> {
  const pieces: Rows[] = [];
  for await (const piece of rowsOf(series, bar, 'read')) pieces.push(piece);
  const columns = shareColumns(pieces);
  if (!columns) throw new CommandFailure(`there is no data of ${series.symbol} in this period`);
  return columns;
}

async function optimize(session: Session, flags: OptimizeFlags): Promise<void> {
  const strategy = strategyOf(flags);
  const grid = gridFrom(strategy, flags);
  const { objective } = flags;
  await withSeries(session, flags, strategy, async (series) => {
    const bar = new ProgressBar(session.terminal);
    try {
      const { symbol } = series;
      const plan = { strategyType: strategy.name, symbol, parameters: grid.sets[0]!, costs: costsOf(flags) };
      const names = figureNames(planOf(plan));
      if (!names.includes(objective))
        throw badUsage(`there is no figure ${objective}; there are ${names.toSorted().join(', ')}`);
      const columns = await readAll(series, bar);
      const signal = session.terminal.interrupted?.();
      const options = { ...(flags.threads !== undefined && { threads: flags.threads }), ...(signal && { signal }) };
      const searched = { strategy: strategy.name, symbol, costs: plan.costs, columns, grid, flags };
      await withThreads({ plan, columns }, options, (attempt) => run(session, searched, bar, attempt));
    } finally {
      bar.clear();
    }
  });
}

async function run(session: Session, searched: Searched, bar: ProgressBar, attempt: Search['attempt']): Promise<void> {
  const { flags, grid, columns } = searched;
  const search = searchOf(grid, flags, bar, attempt);
  if (flags.walkForward === undefined) {
    const found = await searchGrid(search, columns.length);
    bar.clear();
    await session.print(gridJson(searched, found), gridText(searched, found));
    return;
  }
  const found = await walkForward(search, foldsFrom(columns.length, flags.walkForward, flags));
  bar.clear();
  await session.print(walkJson(searched, found), walkText(searched, found));
}

const searchOf = (
  { sets }: Grid,
  { objective: figure, lower, minTrades: tradesMin }: OptimizeFlags,
  bar: ProgressBar,
  attempt: Search['attempt'],
): Search => ({
  ...{ sets, attempt, shown: SHOWN_FIGURES },
  aim: { figure, better: lower ? 'lower' : 'higher', tradesMin },
  told: (done, of) => bar.show(done / of, `${done} of ${of} trials`),
});

export function addOptimizeCommand(program: Command, open: OpenSession): void {
  addOptimizeOptions(program.command('optimize'))
    .description('search the parameters of a strategy over a file or a stored series')
    .addHelpText('after', EXAMPLES)
    .action((flags: OptimizeFlags, command: Command) => optimize(open(command), flags));
}
