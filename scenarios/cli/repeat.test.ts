/** The line that repeats a run reaches the command as it was meant, whatever a file or a seed is called. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { runText, toldOf } from '../testing/scenario-test.ts';
import { repeatCommand } from './repeat.ts';
import { problemsOf } from './show.ts';

describe('the line that repeats a run', () => {
  test('is plain where nothing has to be quoted', () => {
    expect(repeatCommand({ file: 'u/my_file-2.yaml', seed: '7' })).toBe(
      'npm run scenario -- u/my_file-2.yaml --seed 7',
    );
    expect(repeatCommand({ file: 'a.yaml', seed: '7', untilMs: 90_000, doubleCheck: true, planted: true })).toBe(
      'npm run scenario -- a.yaml --seed 7 --until 90000ms --double-check --planted',
    );
  });
  test('names the part of the file that was run', () => {
    expect(repeatCommand({ file: 'a.yaml', seed: '7', keep: { steps: [2, 5], faults: [] } })).toBe(
      'npm run scenario -- a.yaml --seed 7 --keep 2,5 --with -',
    );
  });
  test.each([
    ['u/my file.yaml', '1'],
    ["it's $HOME.yaml", 'a `b` "c"'],
    ['a;b&c|d*.yaml', '~'],
    ['über.yaml', 'two\nlines'],
  ])('reaches the command through a shell word by word: %s', (file, seed) => {
    const line = repeatCommand({ file, seed }).replace('npm run scenario --', "printf '%s\\0'");
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(`${file}\0--seed\0${seed}\0`);
  });
  test('names no file and no seed that the command would take for an option', () => {
    expect(repeatCommand({ file: '-x.yaml', seed: '-1' })).toBe('npm run scenario -- ./-x.yaml --seed=-1');
  });
});

describe('a scenario in a test', () => {
  const story = (expected: string) => `name: Told\nuntil: 1m\nseed: "5"\nexpect:\n  - { ${expected} }\n`;
  test('that fails tells its seed and the line that repeats it', async () => {
    const { result } = await runText(story('event: order.filled'), { seed: 'a b' });
    expect(problemsOf(result)).toHaveLength(1);
    expect(toldOf(result, 'my file.yaml')).toEqual([
      ...problemsOf(result),
      'seed a b',
      "repeat with: npm run scenario -- 'my file.yaml' --seed 'a b'",
    ]);
    expect(toldOf(result, 'a.yaml', { untilMs: 5, planted: true }).at(-1)).toBe(
      "repeat with: npm run scenario -- a.yaml --seed 'a b' --until 5ms --planted",
    );
  });
  test('that holds tells nothing', async () => {
    const { result } = await runText(story('never: order.filled'));
    expect(toldOf(result, 'a.yaml')).toEqual([]);
  });
});
