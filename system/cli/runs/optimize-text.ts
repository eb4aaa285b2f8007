/** What a search has found, for people and for programs. A figure that is not available is `n/a` in a table, with its reason in JSON. */
import { dateAndTime } from '../../../drawing/scale.ts';
import type { Costs } from '../../../runs/engine/terms.ts';
import type { Figure } from '../../../runs/figures/figure.ts';
import type { ParameterSet } from '../../../runs/optimize/grid.ts';
import type { Found, WalkFound } from '../../../runs/optimize/search.ts';
import type { Stretch } from '../../../runs/optimize/walk-forward.ts';
import { figureLabel, figureText, moneyText, pairsText, percentText } from '../../../runs/report/text.ts';
import { right, table } from '../table.ts';
import type { Grid, OptimizeFlags } from './optimize-flags.ts';
import type { Rows } from './series.ts';

export const SHOWN_FIGURES = ['trades', 'netProfit', 'winRatio', 'profitFactor', 'drawdownRatioMax', 'sharpeRatio'];

export interface Searched {
  readonly strategy: string;
  readonly symbol: string;
  readonly costs: Costs;
  readonly columns: Rows;
  readonly grid: Grid;
  readonly flags: OptimizeFlags;
}

const LABEL = 'SIMULATED: backtests on recorded market data. Nothing of this was traded.';
const figuresOf = ({ trial }: Found): readonly Figure[] => trial.families.flatMap(({ figures }) => figures);
const shortText = (figure: Figure): string => (figure.value === null ? 'n/a' : figureText(figure));

const timeOf = (columns: Rows, row: number): number => ('atMs' in columns ? columns.atMs : columns.startMs)[row]!;
const spanText = (columns: Rows, { from, to }: Stretch): string =>
  `${dateAndTime(timeOf(columns, from))} to ${dateAndTime(timeOf(columns, to - 1))}`;
const spanOf = (columns: Rows, { from, to }: Stretch) => ({
  ...{ fromRow: from, toRow: to, firstAt: timeOf(columns, from), lastAt: timeOf(columns, to - 1) },
});

const toldOf = ({ grid }: Searched, { parameters }: Found): ParameterSet => grid.told.get(parameters) ?? parameters;

/** The figure aimed at first. */
const columnsShown = ({ flags: { objective } }: Searched): readonly string[] => [
  objective,
  ...SHOWN_FIGURES.filter((name) => name !== objective),
];

function headText({ strategy, symbol, columns, grid, flags }: Searched): string {
  const rows = columns.length.toLocaleString('en-US');
  const leftOut = grid.leftOut > 0 ? `, ${grid.leftOut} left out that ${strategy} does not take` : '';
  const better = flags.lower ? 'lower' : 'higher';
  return [
    LABEL,
    `${strategy} on ${symbol}, ${spanText(columns, { from: 0, to: columns.length })} UTC, ${rows} rows`,
    `${grid.sets.length} sets${leftOut}; ${better} ${flags.objective} is better`,
  ].join('\n');
}

export function gridText(searched: Searched, found: readonly Found[]): string {
  const axes = Object.keys(searched.flags.grid);
  const names = columnsShown(searched);
  const rows = found.slice(0, searched.flags.top).map((one, index) => {
    const figures = figuresOf(one);
    const told = toldOf(searched, one);
    return [
      ...[index + 1, ...axes.map((axis) => right(String(told[axis])))],
      ...names.map((name) => right(shortText(figures.find((figure) => figure.name === name)!))),
    ];
  });
  return `${headText(searched)}\n\n${table(['', ...axes, ...names.map(figureLabel)], rows)}`;
}

const foundJson = (searched: Searched, one: Found) => ({
  ...{ varied: toldOf(searched, one), parameters: one.parameters, value: one.value, figures: figuresOf(one) },
});

const headJson = ({ strategy, symbol, costs, columns, grid, flags }: Searched) => ({
  ...{ kind: 'optimization', simulated: true, strategy, symbol, costs, rows: columns.length },
  ...{ firstAt: timeOf(columns, 0), lastAt: timeOf(columns, columns.length - 1) },
  ...{ objective: flags.objective, better: flags.lower ? 'lower' : 'higher', tradesMin: flags.minTrades },
  ...{ sets: grid.sets.length, leftOut: grid.leftOut },
});

export const gridJson = (searched: Searched, found: readonly Found[]) => ({
  ...headJson(searched),
  trials: found.slice(0, searched.flags.top).map((one) => foundJson(searched, one)),
});

export function walkText(searched: Searched, { folds, result }: WalkFound): string {
  const { columns } = searched;
  const rows = folds.map(({ fold, chosen, trainPnl, testPnl, trades }, index) => [
    ...[index + 1, spanText(columns, fold.train), spanText(columns, fold.test)],
    chosen ? pairsText(toldOf(searched, chosen)) : 'none had a value',
    ...[right(moneyText(trainPnl)), right(moneyText(testPnl)), trades.length],
  ]);
  const heads = ['', 'chosen on (UTC)', 'proved on (UTC)', 'chosen', 'net there', 'net proved', 'trades'];
  const { efficiency, foldsWonRatio } = result;
  return [
    headText(searched),
    '',
    table(heads, rows),
    '',
    table(
      ['Proved together', ''],
      [
        ['  Net profit', moneyText(result.testPnl)],
        ['  Trades', String(result.trades.length)],
        ['  Folds won', foldsWonRatio === null ? 'n/a (no fold)' : percentText(foldsWonRatio)],
        ['  Efficiency', efficiency === null ? 'n/a (training earned nothing)' : efficiency.toFixed(3)],
      ],
    ),
  ].join('\n');
}

export const walkJson = (searched: Searched, { folds, result }: WalkFound) => ({
  ...headJson(searched),
  folds: folds.map(({ fold, chosen, trainPnl, testPnl, trades }) => ({
    ...{ train: spanOf(searched.columns, fold.train), test: spanOf(searched.columns, fold.test) },
    ...{ chosen: chosen ? foundJson(searched, chosen) : null, trainPnl, testPnl, trades: trades.length },
  })),
  ...result,
});
