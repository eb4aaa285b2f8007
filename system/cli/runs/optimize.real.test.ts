/** `optimize` in real threads: the same as one backtest after the other, and gone when it is told to. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TRIAL_THREAD } from '../../../db/client/package-root.ts';
import { walkOf } from '../../../runs/testing/series.ts';
import { runCli } from './testing.ts';

const home = mkdtempSync(join(tmpdir(), 'pitwall-optimize-'));
const path = join(home, 'NQ walk.csv');
beforeAll(() => {
  if (!existsSync(TRIAL_THREAD)) throw new Error('the threads of trials are not built: npm run build');
  const { atMs, price } = walkOf('optimize', 30_000, 30_000);
  const lines = Array.from(atMs, (at, row) => `${at},${price[row]! / 1e8}`);
  writeFileSync(path, `timestamp,price\n${lines.join('\n')}\n`);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Trial {
  readonly varied: Readonly<Record<string, number>>;
  readonly value: number | null;
  readonly figures: readonly { readonly name: string; readonly value: number | null }[];
}
interface Searched {
  readonly sets: number;
  readonly leftOut: number;
  readonly trials: readonly Trial[];
}

const sma = ['--strategy', 'sma_cross', '--bars', '15m', '--file', path];
const search = async (...args: string[]): Promise<unknown> => {
  const { code, output, notes } = await runCli(['--json', 'optimize', ...args]);
  expect(notes).toBe('');
  expect(code).toBe(0);
  return JSON.parse(output);
};

describe('a grid', () => {
  const grid = [...sma, '--grid', 'fast=2:6:2', '--grid', 'slow=4,8,12', '--top', '100'];

  test('has each set that the strategy takes, with what its own backtest comes to, in any number of threads', async () => {
    const found = (await search(...grid, '--threads', '3')) as Searched;
    expect(found).toMatchObject({ simulated: true, sets: 7, leftOut: 2 });
    expect(found.trials).toHaveLength(7);
    expect(await search(...grid, '--threads', '1')).toEqual(found);
    for (const { varied, value } of found.trials.slice(0, 3)) {
      const parameters = Object.entries(varied).flatMap(([name, one]) => ['--param', `${name}=${one}`]);
      const { output } = await runCli(['--json', 'backtest', ...sma, ...parameters]);
      expect(output).toContain(`"value": ${value}`);
    }
  });

  test('is a table for people, best first, with how far it is', async () => {
    const { code, output, progress } = await runCli(['optimize', ...grid, '--top', '3', '--objective', 'sharpeRatio']);
    expect(code).toBe(0);
    expect(output).toMatch(/^SIMULATED/);
    expect(output).toContain('7 sets, 2 left out that sma_cross does not take; higher sharpeRatio is better');
    expect(output.match(/^ ?\d+ +\d+ +\d+ /gm)).toHaveLength(3);
    expect(progress.join('\n')).toContain('7 of 7 trials');
  });

  test('tries a value that is written twice once', async () => {
    expect(await search(...sma, '--grid', 'fast=2,4,2')).toMatchObject({ sets: 2, leftOut: 0 });
  });

  test('takes the keys of `max` as values', async () => {
    const keys = ['--grid', 'point_key=15_7_5_2,20_10_5_2', '--param', 'exit_key=10_10'];
    const found = (await search('--strategy', 'max', '--file', path, ...keys)) as Searched;
    expect(found.trials.map(({ varied }) => varied.point_key).toSorted()).toEqual(['15_7_5_2', '20_10_5_2']);
  });
});

test('a walk proves each fold on rows that did not choose', async () => {
  const walk = [...sma, '--grid', 'fast=2:6:2', '--param', 'slow=12', '--walk-forward', '4'];
  const found = (await search(...walk)) as {
    folds: { train: { toRow: number }; test: { fromRow: number; toRow: number }; trades: number }[];
    trades: unknown[];
  };
  expect(found.folds).toHaveLength(4);
  for (const [index, { train, test: proof }] of found.folds.entries()) {
    expect(proof.fromRow).toBe(train.toRow);
    expect(proof.toRow).toBe(found.folds[index + 1]?.test.fromRow ?? 1_000);
  }
  expect(found.trades).toHaveLength(found.folds.reduce((sum, { trades }) => sum + trades, 0));
  const { output } = await runCli(['optimize', ...walk, '--anchored']);
  expect(output).toContain('Proved together');
});

test.each([
  ['while its trials run', 'trials'],
  ['before the first of them', 'ticks read'],
])('a search that is interrupted %s ends at once, ranks nothing and exits 1', async (_, word) => {
  const controller = new AbortController();
  const many = [...sma, '--grid', 'fast=2:60:1', '--grid', 'slow=61:400:1'];
  const watch = (text: string): void => {
    if (text.includes(word)) controller.abort();
  };
  const ended = await runCli(['optimize', ...many], { signal: controller.signal, watch });
  expect(ended).toMatchObject({ code: 1, output: '', notes: 'interrupted: nothing is ranked' });
  expect(ended.progress.filter((text) => text.includes('trials')).length).toBeLessThan(1_000);
});

test.each([
  ['nothing that varies', [...sma], 'nothing varies'],
  ['a range without a step', [...sma, '--grid', 'fast=1:9:0'], 'no range'],
  ['a range that goes down', [...sma, '--grid', 'fast=9:1:1'], 'no range from 9 up to 1'],
  ['a figure that nobody has', [...sma, '--grid', 'fast=2,4', '--objective', 'beauty'], 'there is no figure beauty'],
  ['a parameter both fixed and varied', [...sma, '--grid', 'fast=2,4', '--param', 'fast=3'], 'both fixed and varied'],
  ['only sets that the strategy refuses', [...sma, '--grid', 'fast=50,60'], 'takes none of the combinations'],
  ['more sets than anybody waits for', [...sma, '--grid', 'fast=1:999:1', '--grid', 'slow=1:999:1'], 'more than'],
  ['more folds than rows', [...sma, '--grid', 'fast=2,4', '--walk-forward', '1000'], 'too few'],
])('bad usage exits 2: %s', async (_, args, word) => {
  const ended = await runCli(['optimize', ...args]);
  expect(ended).toMatchObject({ code: 2, output: '' });
  expect(ended.notes).toContain(word);
});
