/** The page stands by itself, says that it is simulated, shows everything, and nothing from outside gets out of its text. */
import { describe, expect, it } from 'vitest';
import { Run } from '../engine/run.ts';
import { NO_COSTS } from '../engine/terms.ts';
import { measuredOf } from '../summary.ts';
import { planOf, saidBy } from '../testing/plans.ts';
import { walkOf } from '../testing/series.ts';
import { addVolumes } from './day-volumes.ts';
import { EquityCurve } from './equity-curve.ts';
import { renderReport } from './html.ts';
import { type ReportOf, type RunReport, reportOf, sketchOf } from './report.ts';
import { runWhole } from './run-whole.ts';
import { figureLabel, figureText } from './text.ts';

function reported(about: Partial<ReportOf> = {}, rows = 20_000): RunReport {
  const ticks = walkOf('report', rows, 20_000);
  const run = new Run(planOf('max', 'NQ'));
  const curve = new EquityCurve();
  curve.advance(run, ticks);
  run.finish();
  curve.end(run);
  const { trades, equity: balances } = saidBy(run);
  const volumes = new Map<number, number>();
  addVolumes(volumes, ticks);
  return reportOf(
    {
      ...{ name: 'Test', strategy: 'max', parameters: { target: 15 }, symbol: 'NQ', costs: NO_COSTS },
      ...{ processed: run.processed, span: run.span ?? { firstAt: 0, lastAt: 0 }, simulatedMarket: true },
      prices: sketchOf(ticks, 500),
      ...about,
    },
    measuredOf(run, trades, { multiplier: 20, volumes }),
    curve,
    balances,
  );
}

describe('the page', () => {
  const report = reported();
  const page = renderReport(report);

  it('says first that nothing was traded', () => {
    expect(page).toContain('SIMULATED: a backtest on an invented market. Nothing of this was traded.');
    expect(renderReport(reported({ simulatedMarket: false }))).toContain('on recorded market data');
  });

  it('needs nothing from anywhere', () => {
    expect(page).not.toMatch(/(src|href)=|url\(|@import|https?:/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('shows every figure, month and trade', () => {
    for (const { figures } of report.families)
      for (const figure of figures) expect(page).toContain(`>${figureLabel(figure.name)}</th>`);
    expect(page.match(/<tr><td/g)).toHaveLength(report.trades.length);
    expect(report.trades.length).toBeGreaterThan(10);
    expect(page).toContain('>2026</th>');
    expect(page.match(/<svg /g)).toHaveLength(3);
  });

  it('tells which trades its price shows, also where it has not all of them', () => {
    const { length } = report.trades;
    expect(page).toContain(`Price with all ${length} trades`);
    const trades = Array.from({ length: 2_000 }, (_, index) => report.trades[index % length]!);
    expect(renderReport({ ...report, trades, tradeCount: 2_000 })).toContain('the 400 largest of 2000 trades');
    expect(renderReport({ ...report, trades, tradeCount: 5_000 })).toContain(
      'the 400 largest of the first 2000 of 5000 trades',
    );
  });

  it('has no number that is none', () => expect(page.split('<script>')[0]).not.toMatch(/NaN|Infinity|undefined|null/));

  it('lets nothing from outside become markup', () => {
    const evil = '<script>alert(1)</script>"&\'';
    const text = renderReport(reported({ name: evil, symbol: evil, strategy: evil, parameters: { [evil]: evil } }));
    expect(text.match(/<script>/g)).toHaveLength(1);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;&#39;');
  });

  it('of a run without trades says so', () => {
    const empty = renderReport(reported({}, 5));
    expect(empty).toContain('No trade was closed.');
    expect(empty).toContain('n/a (no trade was closed)');
  });
});

describe('the volume of days', () => {
  it('is summed by UTC day over pieces, and 0 where the data has none', () => {
    const ticks = walkOf('report', 6, 12 * 3_600_000);
    const volumes = new Map<number, number>();
    addVolumes(volumes, { ...ticks, volume: Float64Array.of(1, 2, 3, 4, 0, 0) });
    addVolumes(volumes, { ...ticks, length: 1, volume: Float64Array.of(10) });
    expect([...volumes.values()]).toEqual([13, 7, 0]);
  });
});

describe('the same as JSON', () => {
  it('is plain and survives its text', () => {
    const report = reported();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.kind).toBe('backtest');
  });
  it('thins its curves and keeps their ends', () => {
    const { prices, equity, balance } = reported({}, 40_000);
    expect(prices.length).toBeLessThanOrEqual(1_000);
    expect([equity[0], balance[0]]).toMatchObject([{ value: 50_000 }, { value: 50_000 }]);
    expect(equity.at(-1)).toEqual(balance.at(-1));
  });
  it('draws the drawdown that its figure tells', () => {
    const { drawdown, families } = reported({}, 40_000);
    const told = families.flatMap(({ figures }) => figures).find(({ name }) => name === 'drawdownRatioMax');
    expect(told?.value).toBeGreaterThan(0);
    expect(Math.max(...drawdown.map(({ value }) => value))).toBe(told?.value);
  });
});

describe('a whole run', () => {
  const about = { name: 'Whole', symbol: 'NQ', costs: NO_COSTS, simulatedMarket: true };

  async function* pieces(rows: number, piece: number) {
    const ticks = walkOf('report', rows, 20_000);
    for (let from = 0; from < rows; from += piece) {
      const [start, end] = [from, Math.min(from + piece, rows)];
      const cut = { price: ticks.price.subarray(start, end), atMs: ticks.atMs.subarray(start, end) };
      yield { ...ticks, ...cut, bid: cut.price, ask: cut.price, length: end - start };
    }
  }

  it('has the figures and trades of the same run in one piece', async () => {
    const whole = await runWhole(planOf('max', 'NQ', { target: 15 }), about, pieces(20_000, 1_777));
    const { families, trades, months } = reported();
    expect(whole).toMatchObject({ families, trades, months, processed: 20_000, strategy: 'max' });
  });

  it('over nothing has no report', async () => {
    expect(await runWhole(planOf('max', 'NQ'), about, pieces(0, 10))).toBeUndefined();
  });
});

describe('words', () => {
  it('units stay out of labels', () => {
    expect(figureLabel('drawdownRatioMax')).toBe('Drawdown ratio max');
    expect(figureLabel('holdingMsMean')).toBe('Holding mean');
    expect(figureLabel('winsInARowMax')).toBe('Wins in a row max');
    expect(figureLabel('valueAtRisk95Ratio')).toBe('Value at risk 95 ratio');
    expect(figureText({ name: 'winRatio', unit: 'ratio', value: 0.62 })).toBe('62.00 %');
    expect(figureText({ name: 'pointsTotal', unit: 'points', value: -43.75 })).toBe('-43.75');
    expect(figureText({ name: 'x', unit: 'money', value: -0.001 })).toBe('0.00');
    expect(figureText({ name: 'x', unit: 'money', value: -10 })).toBe('-10.00');
  });
});
