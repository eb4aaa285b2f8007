/** Files of quotes that a scenario names are looked at before anything runs, and told by line and path. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario } from './load.ts';
import { ScenarioError } from './problems.ts';

const START = Date.UTC(2024, 0, 8, 15);
const rows = Array.from(
  { length: 20_000 },
  (_, second) => `${START + second * 1_000},${150 + (second % 97) / 100},151`,
);
const csv = `timestamp,bid,ask\n${rows.join('\n')}\n`;
const packed = gzipSync(csv);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-replay-'));
  writeFileSync(join(folder, 'AAPL_whole.csv'), csv);
  writeFileSync(join(folder, 'AAPL_whole.csv.gz'), packed);
  writeFileSync(join(folder, 'AAPL_torn.csv.gz'), packed.subarray(0, packed.length - 100));
  writeFileSync(join(folder, 'AAPL_prose.csv'), 'it was a dark\nand stormy night\n');
  writeFileSync(join(folder, 'AAPL_header.csv'), 'timestamp,bid,ask\n');
  writeFileSync(join(folder, 'AAPL_empty.csv'), '');
  mkdirSync(join(folder, 'AAPL_folder.csv'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines without the folder that they stand in. */
async function told(replay: string, more = ''): Promise<readonly string[]> {
  const file = join(folder, 'a.yaml');
  writeFileSync(
    file,
    `name: A\nuntil: 1m\nworld: { instruments: [AAPL] }\nmarket:\n  replay:\n    - ${replay}\n${more}`,
  );
  const error = await loadScenario(file).catch((thrown: unknown) => thrown);
  return error instanceof ScenarioError ? error.lines.map((line) => line.replaceAll(`${folder}/`, '')) : [];
}

describe('a file of quotes', () => {
  test.each(['AAPL_whole.csv', 'AAPL_whole.csv.gz'])('that is whole is taken: %s', async (name) => {
    expect(await told(`{ file: ${name} }`)).toEqual([]);
  });
  test.each([
    ['AAPL_none.csv', /^is not there$/],
    ['AAPL_folder.csv', /^is no file$/],
    ['AAPL_torn.csv.gz', /^cannot be read: the gzip file is damaged: unexpected end of file$/],
    ['AAPL_prose.csv', /^cannot be read: .*layout/],
    ['AAPL_header.csv', /^(holds no quotes|cannot be read: .+)$/],
    ['AAPL_empty.csv', /^cannot be read: .*$/],
  ])('that cannot be told is refused at its place: %s', async (name, why) => {
    const [line = '', ...others] = await told(`{ file: ${name} }`);
    const start = `a.yaml:6:15 market.replay[0].file is "${name}", which `;
    expect(others).toEqual([]);
    expect(line.slice(0, start.length)).toBe(start);
    expect(line.slice(start.length)).toMatch(why);
  });
  test('is told with everything else that is wrong, whatever else has not its form', async () => {
    expect(
      (await told('{ file: AAPL_none.csv }', 'sede: 1\nscript: [{ at: 1s, by: bob, crash: true }]\n')).length,
    ).toBe(3);
    const lines = await told('{ instrument: NOTHING, file: none.csv }');
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'a.yaml:6:7 market.replay[0]',
      'a.yaml:6:36 market.replay[0].file',
    ]);
  });
});
