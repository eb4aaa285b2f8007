/** `backtest` over files: its results, its page, and what it refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { walkOf } from '../../../runs/testing/series.ts';
import { runCli } from './testing.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-backtest-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(home, name);
  writeFileSync(path, content);
  return path;
}

/** A seeded walk as a file, some weeks long. */
function walkFile(name: string, seed = 'cli', rows = 20_000): string {
  const { atMs, price } = walkOf(seed, rows, 60_000);
  const lines = Array.from(atMs, (at, row) => `${new Date(at).toISOString()},${price[row]! / 1e8},1`);
  return file(name, `timestamp,price,volume\n${lines.join('\n')}\n`);
}

const SAMPLES = join(process.cwd(), '..', 'shared', 'data');
const NQ = join(SAMPLES, 'NQH0_ticks_2019-12-16.csv.gz');
const DAY_MS = 86_400_000;

interface Report {
  readonly processed: number;
  readonly tradeCount: number;
  readonly families: readonly { readonly figures: readonly { readonly name: string; readonly value: number }[] }[];
}
const figure = (report: Report, name: string): number | undefined =>
  report.families.flatMap(({ figures }) => figures).find((one) => one.name === name)?.value;
const reportOf = async (...args: string[]): Promise<Report> => {
  const { code, output, notes } = await runCli(['--json', 'backtest', ...args]);
  expect(notes).toBe('');
  expect(code).toBe(0);
  return JSON.parse(output) as Report;
};

const runOf = (strategy: string, path: string, ...more: string[]): Promise<Report> =>
  reportOf('--strategy', strategy, '--file', path, ...more);

describe.skipIf(!existsSync(NQ))('real ticks', () => {
  /** The day again and again, as a file of many days. */
  function tiled(days: number): string {
    const rows = gunzipSync(readFileSync(NQ)).toString('latin1').trim().split('\n').slice(1);
    const cells = rows.map((row) => row.split(','));
    const times = cells.map(([at = '']) => Date.parse(at));
    const out = Array.from({ length: days }, (_, day) =>
      cells.map(([, price], index) => `${times[index]! + day * DAY_MS},${price}\n`).join(''),
    );
    return file('NQ_tiled.csv', `timestamp,price\n${out.join('')}`);
  }

  test('`max` 15_7_5_2 / 15_15 over ten days is what independent implementations have: 39 trades, -819 points', async () => {
    const report = await runOf('max', tiled(10), '--param', 'point_key=15_7_5_2', '--param', 'exit_key=15_15');
    expect(report).toMatchObject({ processed: 2_132_950, tradeCount: 39 });
    expect(figure(report, 'pointsTotal')).toBe(-819);
  }, 60_000);

  test('`sma_cross` 10/30 over the minutes of the day makes 59 trades and loses 43.75 points', async () => {
    const report = await runOf('sma_cross', NQ, '--param', 'fast=10', '--param', 'slow=30');
    expect(report).toMatchObject({ processed: 1_364, tradeCount: 59 });
    expect(figure(report, 'pointsTotal')).toBe(-43.75);
  });
});

describe('a backtest', () => {
  test('tells people that nothing was traded, what was run, and the main figures', async () => {
    const path = walkFile('NQ walk.csv');
    const { code, output, progress } = await runCli(['backtest', '--strategy', 'max', '--file', path, '--trades', '3']);
    expect(code).toBe(0);
    expect(output).toMatch(/^SIMULATED: a backtest on recorded market data\. Nothing of this was traded\.\n/);
    expect(output).toContain('max on NQ, 2026-01-05 10:00:00 to 2026-01-19 07:19:00 UTC, 20,000 rows');
    expect(output).toContain('impulse 15');
    expect(output).toContain('costs: none');
    expect(output).toMatch(/\n {2}Net profit +-?[\d,]+\.\d\d\n/);
    expect(output).toMatch(/\nand \d+ more\n$/);
    expect(output).not.toContain('Daily returns');
    expect(progress.join('\n')).toContain('100 %');
    expect(progress.at(-1)).toBe('');
    const { output: everything } = await runCli(['backtest', '--strategy', 'max', '--file', path, '--all']);
    expect(everything).toContain('Daily returns');
    expect(everything).toContain('2026-01');
  });

  test('does not claim to be through with a packed file while it is only read, not unpacked', async () => {
    const packed = file('NQ packed.csv.gz', gzipSync(readFileSync(walkFile('NQ packed.csv', 'packed', 150_000))));
    const { code, progress } = await runCli(['backtest', '--strategy', 'max', '--file', packed]);
    expect(code).toBe(0);
    const read = progress.filter((text) => text.endsWith('ticks read'));
    expect(read.length).toBeGreaterThan(1);
    expect(read.join('\n')).not.toContain('100 %');
    expect(read.join('\n')).not.toMatch(/(^| )0 ticks/m);
    expect(progress.join('\n')).toContain('100 %');
  });

  test('takes a period, costs and the length of bars', async () => {
    const path = walkFile('NQ period.csv');
    const all = await runOf('max', path);
    const part = await runOf('max', path, '--from', '2026-01-06', '--to', '2026-01-07T12:00:00Z');
    expect(part.processed).toBe(1.5 * 24 * 60);
    expect(all.processed).toBe(20_000);
    const dear = await runOf('max', path, '--commission-per-unit', '2', '--slippage-ticks', '1');
    expect(figure(dear, 'commission')).toBeCloseTo(dear.tradeCount * 4, 6);
    const bars = await runOf('sma_cross', path, '--bars', '1h');
    expect(bars.processed).toBe(Math.ceil(20_000 / 60));
    const prints = await runOf('max', path, '--bars', '1h');
    expect(prints.processed).toBe(bars.processed);
  });

  test('runs over a file of bars as it is', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => {
      const price = 1.1 + Math.sin(index / 9) / 100;
      const at = new Date(Date.UTC(2026, 0, 5) + index * 3_600_000).toISOString();
      return `${at},${[price, price + 0.001, price - 0.001, price].map((one) => one.toFixed(5)).join(',')},10`;
    });
    const path = file('EURUSD_1h.csv', `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
    const report = await runOf('sma_cross', path, '--param', 'fast=3', '--param', 'slow=8', '--from', '2026-01-06');
    expect(report.processed).toBe(376);
    expect(report.tradeCount).toBeGreaterThan(5);
    expect(await runOf('max', path)).toMatchObject({ processed: 400 });
    const asked = await runCli(['backtest', '--strategy', 'sma_cross', '--file', path, '--bars', '1d']);
    expect(asked).toMatchObject({ code: 2, notes: expect.stringContaining('holds bars already') });
  });

  test('takes minutes as stamped at their start where that is said', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, minute) => `20260105 10${String(minute).padStart(2, '0')}00;9;9;9;9;1\n`,
    );
    const args = ['backtest', '--strategy', 'sma_cross', '--file', file('NQ minutes.txt', lines.join(''))];
    expect((await runCli(args)).output).toContain('sma_cross on NQ, 2026-01-05 09:59:00 to 2026-01-05 10:58:00');
    const told = await runCli([...args, '--stamps-start']);
    expect(told.output).toContain('sma_cross on NQ, 2026-01-05 10:00:00 to 2026-01-05 10:59:00');
  });

  test('writes its page once, whole, and never over another file', async () => {
    const path = walkFile('NQ page.csv');
    const html = join(home, 'page.html');
    const args = ['backtest', '--strategy', 'max', '--file', path, '--html', html];
    expect(await runCli(args)).toMatchObject({ code: 0, notes: expect.stringContaining('wrote ') });
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('SIMULATED');
    expect(page).toContain('</html>');
    expect(await runCli(args)).toMatchObject({ code: 1, output: '', notes: expect.stringContaining('there already') });
    expect(readFileSync(html, 'utf8')).toBe(page);
  });

  test('over nothing, or over a refused file, fails and says why', async () => {
    const path = walkFile('NQ none.csv', 'none', 500);
    const none = ['backtest', '--strategy', 'max', '--file', path, '--from', '2030-01-01'];
    expect(await runCli(none)).toMatchObject({ code: 1, notes: 'there is no data of NQ in this period' });
    const rubbish = file('NQ_rubbish.csv', 'hello\nworld\n');
    const refused = await runCli(['backtest', '--strategy', 'max', '--file', rubbish]);
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.notes).toContain("the file can't be run over: no known layout");
    const forPrograms = await runCli(['--json', 'backtest', '--strategy', 'max', '--file', rubbish]);
    expect(forPrograms.code).toBe(1);
    expect(JSON.parse(forPrograms.output)).toEqual({
      refused: expect.stringContaining('no known layout'),
      badLines: [],
    });
  });
});

describe('bad usage exits 2 and says what is wrong:', () => {
  const path = walkFile('NQ usage.csv', 'usage', 100);
  const max = ['--strategy', 'max', '--file', path];
  test.each([
    ['no strategy', ['--file', path], 'strategy'],
    ['an unknown strategy', ['--strategy', 'moon', '--file', path], 'max'],
    ['no series', ['--strategy', 'max'], 'either --file or --instrument'],
    ['two series', [...max, '--instrument', 'NQ'], 'either --file or --instrument'],
    ['no such file', ['--strategy', 'max', '--file', join(home, 'nowhere')], 'there is no file'],
    ['an unknown parameter', [...max, '--param', 'moon=1'], 'moon'],
    ['a parameter out of its bounds', [...max, '--param', 'impulse=-1'], 'impulse'],
    ['a parameter without a value', [...max, '--param', 'impulse'], 'name=value'],
    ['a parameter twice', [...max, '--param', 'impulse=1', '--param', 'impulse=2'], 'twice'],
    ['a torn key', [...max, '--param', 'point_key=15_7'], 'point_key'],
    ['a day that never was', [...max, '--from', '2026-02-31'], 'date'],
    [
      'a period that ends before it begins',
      [...max, '--from', '2026-02-02', '--to', '2026-02-01'],
      'later than --from',
    ],
    ['a negative cost', [...max, '--slippage-ticks', '-1'], 'number from 0'],
    ['an unknown instrument', ['--strategy', 'max', '--instrument', 'MOON'], 'not a known instrument'],
    ['an unknown length of bars', [...max, '--bars', '7m'], '15m'],
  ])('%s', async (_, args, word) => {
    const ended = await runCli(['backtest', ...args]);
    expect(ended).toMatchObject({ code: 2, output: '' });
    expect(ended.notes).toContain(word);
  });
});

test('the help names every strategy with its parameters, and examples', async () => {
  const { code, output } = await runCli(['backtest', '--help']);
  expect(code).toBe(0);
  for (const word of ['sma_cross', 'impulse=15', 'retracement_pips=30', 'point_key=15_7_5_2', 'Examples:'])
    expect(output).toContain(word);
});
