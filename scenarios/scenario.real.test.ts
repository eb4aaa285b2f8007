/** `npm run scenario` and `npm run simulate` as they are built: threads, output, exit codes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
const path = (name: string): string => join(folder, name);
const HEAD = 'until: 1m\nworld:\n  instruments: [AAPL]\n  traders: { alpha: {} }\n';
const BUY = `script:
  - { at: 10s, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 1, price: 150, type: market } }
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-scenario-'));
  writeFileSync(path('good.yaml'), `name: Good\n${HEAD}${BUY}expect:\n  - { event: order.filled, count: 1 }\n`);
  writeFileSync(path('bad.yaml'), `name: Bad\n${HEAD}${BUY}expect:\n  - { never: order.filled }\n`);
  writeFileSync(path('wrong.yaml'), `name: Wrong\n${HEAD}sede: 1\n`);
  writeFileSync(path('typed.scenario.ts'), `export default { name: 'Typed', until: '30s' };`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(entry: 'scenario' | 'simulate', ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`dist/scenarios/${entry}.js`, ...args], {
    encoding: 'utf8',
    // Wherever the tests were started from.
    env: { ...process.env, INIT_CWD: process.cwd() },
  });
  return { status, stdout, stderr };
}

describe('npm run scenario', () => {
  test('takes a scenario in TypeScript from anywhere, and its types can be checked there as docs/SCENARIOS.md says', () => {
    const checkout = process.cwd();
    const far = mkdtempSync(join(tmpdir(), 'pitwall-far-'));
    const guide = readFileSync('docs/SCENARIOS.md', 'utf8');
    const settings = /```json\n(\{\n {2}"extends".*?)```/su.exec(guide)?.[1] ?? '';
    writeFileSync(join(far, 'tsconfig.json'), settings.replaceAll('<checkout>', checkout));
    const checked = (owner: string) => {
      const world = `{ people: { ann: {} }, traders: { alpha: { owner: '${owner}' } } }`;
      const code = `import { defineScenario } from 'pitwall/scenario';
export default defineScenario({ name: 'Far', until: '30s', world: ${world} });`;
      writeFileSync(join(far, 'far.scenario.ts'), code);
      return spawnSync(join(checkout, 'node_modules', '.bin', 'tsc'), ['-p', far], { encoding: 'utf8' });
    };
    try {
      expect(checked('ann')).toMatchObject({ status: 0, stdout: '' });
      expect(run('scenario', join(far, 'far.scenario.ts'))).toMatchObject({ status: 0 });
      expect(checked('anne').stdout).toContain(`Type '"anne"' is not assignable to type '"ann"'`);
      expect(run('scenario', join(far, 'far.scenario.ts')).stderr).toContain(
        'far.scenario.ts:2:117 world.traders.alpha.owner is "anne", which is no person of this world: did you mean "ann"?',
      );
    } finally {
      rmSync(far, { recursive: true, force: true });
    }
  });
  test('says first what it runs with, and exits 0 when everything held', () => {
    const { status, stdout } = run(
      'scenario',
      path('good.yaml'),
      path('typed.scenario.ts'),
      '--seeds',
      '2',
      '--double-check',
    );
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(
      /^2 scenarios, 4 runs, seed 1, 2, commit .+, node v\d+\S*, \d+ threads, --seeds 2 --double-check$/,
    );
    expect(lines.filter((line) => line.startsWith('ok     Good  seed '))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('ok     Typed  seed '))).toHaveLength(2);
    expect(lines.at(-1)).toBe('everything held');
    expect(status).toBe(0);
  });

  test('exits 1 when an expectation did not hold, with why and how to repeat it', () => {
    const { status, stdout } = run('scenario', path('bad.yaml'), path('good.yaml'), '--seed', '5', '--no-bank');
    expect(stdout).toMatch(/expected: order\.filled never happens; but it happened once, at 10\.0\d+s \(record \d+\)/);
    expect(stdout).toMatch(/repeat with: npm run scenario -- \S*bad\.yaml --seed 5\n/);
    expect(stdout).toContain('1 of 2 runs failed');
    expect(status).toBe(1);
  });

  test('makes a failure small, and its last line runs just what is left', () => {
    const health = '  - { at: 5s, call: GET /health }\n';
    writeFileSync(
      path('long.yaml'),
      `name: Long\n${HEAD}${BUY}${health.repeat(4)}expect:\n  - { never: order.filled }\n`,
    );
    const { stdout } = run('scenario', path('long.yaml'), '--no-bank');
    expect(stdout).toMatch(/shrunk to 1 steps and 0 faults in \d+ runs/);
    expect(stdout).toMatch(/again: npm run scenario -- \S*long\.yaml --seed 1 --keep 1 --with -\n/);
    const small = run('scenario', path('long.yaml'), '--keep', '1', '--with', '-', '--shrink', '0');
    expect(small.stdout).toMatch(/expected: order\.filled never happens; but it happened once/);
    expect(small.stdout).toMatch(/repeat with: .*--keep 1 --with -\n/);
    const both = run(
      'scenario',
      path('long.yaml'),
      path('bad.yaml'),
      '--seed',
      '3',
      '--seeds',
      '2',
      '--no-bank',
    ).stdout;
    expect(both.match(/^FAILED .*/gm)).toHaveLength(4);
    expect(both.match(/^SMALL .*$/gm)?.sort()).toEqual(['SMALL  Bad  seed 3', 'SMALL  Long  seed 3']);
    expect(run('scenario', path('long.yaml'), '--shrink', '0', '--no-bank').stdout).not.toContain('shrunk');
    const none = run('scenario', path('long.yaml'), '--keep', '-', '--shrink', '0');
    expect(none.status).toBe(0);
    expect(run('scenario', path('long.yaml'), '--keep', 'x').status).toBe(2);
  });

  test('keeps a seed that failed, runs it first with its file as it is, and drops it when the file is gone', () => {
    const [file, kept] = [path('kept-in-the-bank.yaml'), join('scenarios', 'seeds', 'kept-in-the-bank-5.json')];
    const text = readFileSync(path('bad.yaml'), 'utf8');
    try {
      writeFileSync(file, text);
      const first = run('scenario', file, '--seed', '5', '--shrink', '0');
      expect(first.stdout).toContain(`banked as ${kept}`);
      expect(readFileSync(kept, 'utf8')).not.toContain('/trades');
      const again = run('scenario', file, '--seed', '5', '--shrink', '0');
      expect(again.stdout.split('\n')[1]).toBe('FAILED bank kept-in-the-bank-5');
      expect(again.stdout).toContain(`in the bank already as ${kept}`);
      writeFileSync(file, text.replace('never: order.filled', 'event: order.filled'));
      const mended = run('scenario', file, '--seed', '6');
      expect(mended.stdout.split('\n')[1]).toBe('bank: 1 of 1 earlier failures stay mended');
      expect(mended.status).toBe(0);
      rmSync(file);
      expect(run('scenario', path('good.yaml')).stdout).toMatch(
        /\ndropped kept-in-the-bank-5 from the bank: \S+ no longer exists\n/,
      );
      expect(existsSync(kept)).toBe(false);
    } finally {
      rmSync(kept, { force: true });
    }
  });

  test('names the options that a run was made with wherever it says how to repeat it, on the page too', () => {
    const options = ['--seed', '4', '--until', '30s', '--keep', '1', '--double-check'];
    const { stdout } = run('scenario', path('bad.yaml'), ...options, '--no-bank', '--html', path('part.html'));
    const line = /repeat with: (npm run scenario -- \S*bad\.yaml --seed 4 .*)/.exec(stdout)?.[1] ?? '';
    expect(line).toMatch(/ --until 30000ms --double-check --keep 1 --with -$/);
    const page = readFileSync(path('part.html'), 'utf8');
    expect(page).toContain(`<th>Repeat with</th><td class="code">${line}</td>`);
    run('scenario', path('good.yaml'), '--planted', '--html', path('planted.html'));
    expect(readFileSync(path('planted.html'), 'utf8')).toContain('good.yaml --seed 1 --planted</td>');
  });

  test('tells whoever stands outside of the checkout files as he sees them, and a line that works there', () => {
    const far = mkdtempSync(join(tmpdir(), 'pitwall-far-'));
    const there = { cwd: far, encoding: 'utf8', env: { ...process.env, INIT_CWD: far } } as const;
    try {
      const quotes = 'market: { replay: [{ file: quotes/AAPL.csv, instrument: AAPL }] }\n';
      writeFileSync(join(far, 'far.yaml'), `${readFileSync(path('bad.yaml'), 'utf8')}${quotes}`);
      mkdirSync(join(far, 'quotes'));
      const tell = () =>
        spawnSync('npm', ['--prefix', process.cwd(), 'run', '-s', 'scenario', '--', '.', '--no-bank'], there);
      expect(tell().stderr).toMatch(
        /^far\.yaml:10:28 market\.replay\[0\]\.file is "quotes\/AAPL\.csv", which is not there$/m,
      );
      const ticks = Array.from(
        { length: 60 },
        (_, second) => `2026-03-02 14:00:${String(second).padStart(2, '0')},149.99,150.01\n`,
      );
      writeFileSync(join(far, 'quotes', 'AAPL.csv'), `time,bid,ask\n${ticks.join('')}`);
      const line = /repeat with: (.*)/.exec(tell().stdout)?.[1] ?? '';
      expect(line).toMatch(/^npm --prefix \S+ run scenario -- far\.yaml --seed 1$/);
      const again = spawnSync('sh', ['-c', `${line} --no-bank --shrink 0`], there);
      expect(again.stdout).toContain('expected: order.filled never happens; but it happened once');
    } finally {
      rmSync(far, { recursive: true, force: true });
    }
  });

  test('exits 2 for a file with errors, an unknown name and bad options, and runs nothing', () => {
    const wrong = run('scenario', path('good.yaml'), path('wrong.yaml'));
    expect(wrong.stderr).toMatch(/wrong\.yaml:6:1 sede is unknown here: did you mean "seed"\?/);
    expect(wrong.stdout).toBe('');
    expect(wrong.status).toBe(2);
    expect(run('scenario', 'no-such-scenario').status).toBe(2);
    expect(run('scenario', '--sed', '3').status).toBe(2);
    expect(run('scenario', path('good.yaml'), '--until', '5').status).toBe(2);
    expect(run('scenario', '--help').status).toBe(0);
    for (const [options, why] of [
      [['--html', path('nowhere/report.html')], /--html \S+ can't be written: its folder is not there/],
      [['--junit', path('nowhere/junit.xml')], /--junit \S+ can't be written: its folder is not there/],
      [['--keep', '2'], /--keep 2: \S*good\.yaml has 1 step\n/],
      [['--keep', '1', '--with', 'x'], /--with x: \S*good\.yaml has 0 windows of faults/],
      [['--with', '1'], /--with belongs to --keep/],
    ] as const) {
      const { status, stdout, stderr } = run('scenario', path('good.yaml'), ...options);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(why);
    }
  });

  test('has the options that docs/SCENARIOS.md lists, and no others', () => {
    const table = /## The command\n(.*?)\n\n[^|\n]/su.exec(readFileSync('docs/SCENARIOS.md', 'utf8'))?.[1] ?? '';
    const named = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*/g))].sort();
    const help = run('scenario', '--help').stdout.split('Examples:')[0]!;
    expect(named(table)).toEqual(named(help).filter((option) => option !== '--help'));
  });

  test('writes JSON lines, JUnit XML and reports', () => {
    const { status, stdout } = run(
      'scenario',
      path('good.yaml'),
      path('bad.yaml'),
      '--no-bank',
      '--json',
      '--junit',
      path('junit.xml'),
      '--html',
      path('reports'),
    );
    const lines = stdout.trim().split('\n');
    const begins = { what: '2 scenarios, 2 runs', seed: '1', node: process.version, options: { json: true } };
    expect(JSON.parse(lines[0]!)).toMatchObject({ begins });
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      small: { seed: '1', steps: [expect.stringContaining('/trades')], again: expect.stringContaining('--keep 1') },
    });
    expect(readFileSync(path('junit.xml'), 'utf8')).toContain('again: npm run scenario -- ');
    const results = lines.slice(1, -1).map((line) => JSON.parse(line) as { name: string; passed: boolean });
    expect(results.map(({ name, passed }) => `${name} ${passed}`).sort()).toEqual(['Bad false', 'Good true']);
    expect(readFileSync(path('junit.xml'), 'utf8')).toContain('tests="2" failures="1" errors="0"');
    expect(existsSync(join(path('reports'), 'good.yaml-1.html'))).toBe(true);
    expect(readFileSync(join(path('reports'), 'bad.yaml-1.html'), 'utf8')).toContain('simulated');
    expect(status).toBe(1);
  });

  test('gives the same hash in any thread, and another for another seed', () => {
    const hashes = (...args: string[]) =>
      run('scenario', path('good.yaml'), '--json', ...args)
        .stdout.trim()
        .split('\n')
        .slice(1)
        .map((line) => (JSON.parse(line) as { hash: string }).hash);
    const [alone] = hashes('--jobs', '1');
    const [, , third] = hashes('--seeds', '3', '--seed', '1').sort();
    expect(third).toBeDefined();
    const together = hashes('--seeds', '3', '--jobs', '3');
    expect(new Set(together).size).toBe(3);
    expect(together).toContain(alone);
  });

  test('plants the bugs that a file says it catches, once each, and exits 1 when one of them is not seen', () => {
    const story = readFileSync(path('good.yaml'), 'utf8').replace('event: order', 'what: it is filled, event: order');
    const bugs = '  - { agent: risk, types: [risk.reserve], unmet: it is filled, fails: got 503 }\n';
    writeFileSync(path('caught.yaml'), `${story}catches:\n${bugs}`);
    const caught = run('scenario', path('caught.yaml'), '--planted', '--seeds', '2', '--html', folder);
    expect(caught.stdout).toContain('1 scenarios, 3 runs');
    expect(caught.stdout).toMatch(
      /^ok {5}Good, with risk throws at risk\.reserve {2}seed 1 {2}.* 2 of 2 expectations/m,
    );
    expect(caught.status).toBe(0);
    expect(existsSync(path('caught.yaml-1-bug-1.html'))).toBe(true);
    writeFileSync(path('missed.yaml'), `${story}catches:\n  - { planted: risk-forgets-size, unmet: it is filled }\n`);
    const missed = run('scenario', path('missed.yaml'), '--planted');
    expect(missed.stdout).toContain('the bug is seen: "it is filled" does not hold; but it was not seen so');
    expect(missed.stdout).toMatch(/repeat with: .*missed\.yaml --seed 1 --planted/);
    expect(missed.status).toBe(1);
  });

  test('ends earlier when it is told so', () => {
    const { stdout, status } = run('scenario', path('good.yaml'), '--until', '5s');
    expect(stdout.split('\n')[0]).toMatch(/ --until 5s$/);
    expect(stdout).toContain('it never happened');
    expect(status).toBe(1);
  });
});

describe('npm run simulate', () => {
  test('runs seeds in threads, prints them in order and what they were together', () => {
    const { status, stdout } = run('simulate', '--seeds', '4', '--minutes', '1', '--jobs', '2');
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /^4 seeds, 1 virtual minutes each, seed 1, commit .+, node v\S+, 2 threads, --seeds 4 --minutes 1 --jobs 2$/,
    );
    expect(lines.filter((line) => line.startsWith('seed ')).map((line) => line.split(' ')[1])).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(stdout).toMatch(/4 seeds, \d+\.\d virtual hours in \d+\.\d s/);
    expect(lines[1]).toMatch(/^bank: (\d+) of \1 earlier failures stay mended$/);
    expect(stdout).toContain('all promises held');
    expect(status).toBe(0);
  });
  test('goes on for as long as it is told, and says as JSON nothing but its seeds', () => {
    const { status, stdout, stderr } = run('simulate', '--for', '1s', '--minutes', '1', '--json', '--jobs', '1');
    const linesOf = (text: string) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const drawn = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { virtualMs: number; records: number; faults: { drop: number } });
    expect(drawn.map((line, index) => ('seed' in line ? Number(line.seed) - index : line))).toEqual(drawn.map(() => 1));
    const [begins, bank, ...others] = linesOf(stderr);
    expect(begins).toMatchObject({ begins: { seed: '1', options: { for: 1_000, minutes: 1 } } });
    expect(bank).toMatchObject({ bank: expect.any(String), failures: [] });
    const total = (of: (one: (typeof drawn)[number]) => number) => drawn.reduce((sum, one) => sum + of(one), 0);
    const ends = { seeds: drawn.length, failed: 0, virtualMs: total((one) => one.virtualMs) };
    expect(others.at(-1)).toMatchObject({ ends: { ...ends, records: total((one) => one.records) } });
    expect(others.at(-1)).toMatchObject({ ends: { faults: { drop: total((one) => one.faults.drop) } } });
    expect(others.at(-1)).toMatchObject({ ends: { sometimes: expect.any(Object), never: expect.any(Array) } });
    expect(status).toBe(0);
  });
});

test.each([
  'scenario.js "$1" --seeds 8 --jobs 1 --no-bank',
  'scenario.js "$1" --seeds 8 --jobs 1 --no-bank --json',
  'simulate.js --seeds 8 --minutes 1 --jobs 1 --no-bank',
  'crash.js --kills 1 --database embedded --seed 1',
])('ends without a word, but not as if all had held, when its reader has seen enough: %s', (command) => {
  const cut = `{ "$0" dist/scenarios/${command}; echo "exit code $?" >&2; } | head -1`;
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', cut, process.execPath, path('good.yaml')], {
    encoding: 'utf8',
  });
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(stderr).toBe('exit code 1\n');
});
