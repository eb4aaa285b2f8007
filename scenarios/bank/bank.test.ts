/** The seed bank: every run that once failed is run again as it was, entries are read back as they were written, and wrong ones are told. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { openMemory } from '../../db/memory/open.ts';
import { withoutAmbient } from '../ambient.ts';
import { runDrawn } from '../drawn.ts';
import { NO_WORLD_FAULTS } from '../faults.ts';
import { drawScript } from '../people/draw-script.ts';
import { MUTATIONS } from '../planted/mutations.ts';
import { simulatedSettings } from '../settings.ts';
import { bank, bankName, bankSeed, dropGone, readBank, SEEDS_OF_A_FILE_MAX } from './bank.ts';
import { type DrawnEntry, type Entry, type FileEntry, parseEntry, scriptOf, written } from './entry.ts';
import { hashOf } from './file-entry.ts';
import { describeBank } from './page.ts';
import { replayOf } from './replay.ts';

async function replayed(entry: Entry) {
  const replay = await replayOf(entry);
  return withoutAmbient(() => replay(openMemory()));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-bank-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = drawScript('12', 60_000, true);
const drawn: DrawnEntry = { kind: 'drawn', found: 'for a test', seed: '12', script: written(script) };
const text = `name: Kept
until: 1m
world: { instruments: [AAPL], traders: { alpha: {} } }
script:
  - { at: 10s, call: 'POST /api/v1/agents/\${alpha.id}/trades', body: { symbol: AAPL, side: buy, quantity: 1, price: 150, type: market } }
expect:
  - { never: order.filled }
`;
const withText: Entry = { kind: 'text', found: 'for a test', seed: '1', file: 'kept.yaml', text };

describe('what once failed', () => {
  test.each(readBank().map(({ name, entry }) => [name, entry] as const))(
    'holds: %s',
    async (_name, entry) => {
      expect(await replayed(entry)).toEqual([]);
    },
    120_000,
  );

  test('names a planted bug that there is', () => {
    const known = new Set(MUTATIONS.map(({ name }) => name));
    const named = readBank().flatMap(({ entry }) => (entry.kind === 'drawn' ? (entry.planted ?? []) : []));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(0);
  });
});

describe('an entry', () => {
  test('is read back as it was written, and is the same world', async () => {
    expect(bank('twelve', drawn, folder)).toMatch(/^banked as .*twelve\.json; /);
    const entry = readBank(folder).find(({ name }) => name === 'twelve')?.entry as DrawnEntry;
    expect(scriptOf(entry)).toEqual(script);
    const run = (again: typeof script) => {
      const { virtualMs } = script;
      const options = { seed: '12', place: openMemory(), settings: simulatedSettings(), virtualMs, faults: true };
      return withoutAmbient(() => runDrawn({ ...options, script: again }));
    };
    expect(await run(scriptOf(entry))).toEqual(await run(script));
  });

  test('does not write down faults that are off', () => {
    expect(written({ ...script, faults: NO_WORLD_FAULTS }).faults).toEqual({});
    expect(scriptOf({ ...drawn, script: written({ ...script, faults: NO_WORLD_FAULTS }) }).faults).toEqual(
      NO_WORLD_FAULTS,
    );
  });

  test('is never written over', () => {
    bank('once', drawn, folder);
    const before = readFileSync(join(folder, 'once.json'), 'utf8');
    expect(bank('once', { ...drawn, found: 'something else' }, folder)).toMatch(/^in the bank already as /);
    expect(readFileSync(join(folder, 'once.json'), 'utf8')).toBe(before);
  });

  test('of a scenario, as it was kept before, is its text, and a part of it when it was shrunk', async () => {
    expect(parseEntry(JSON.stringify({ ...withText, kind: 'scenario' }), 'old.json')).toEqual(withText);
    expect(await replayed(withText)).toEqual([expect.stringContaining('order.filled never happens')]);
    expect(await replayed({ ...withText, keep: { steps: [], faults: [] } })).toEqual([]);
  });

  test('of a scenario is run with its file as it is, and leaves the bank with it', async () => {
    const [path, seeds] = [join(folder, 'kept.yaml'), join(folder, 'of-files')];
    writeFileSync(path, text);
    const file = relative(CHECKOUT_DIRECTORY, path);
    const entry: FileEntry = { kind: 'scenario', found: 'for a test', seed: '1', file, hash: hashOf(path) };
    const broken = expect.stringContaining('order.filled never happens');
    for (let seed = 1; seed <= SEEDS_OF_A_FILE_MAX; seed += 1)
      expect(bankSeed(`kept-${seed}`, { ...entry, seed: String(seed) }, seeds)).toMatch(/^banked as /);
    expect(bankSeed('kept-11', entry, seeds)).toBe('not banked: 10 seeds of this file are kept already');
    expect(await replayed(entry)).toEqual([broken]);
    writeFileSync(path, text.replace('until: 1m', 'until: 2m'));
    expect(await replayed(entry)).toEqual([broken, `${file} has changed since it was banked`]);
    writeFileSync(path, text.replace('never: order.filled', 'event: order.filled'));
    expect(await replayed(entry)).toEqual([]);
    expect(dropGone(seeds)).toEqual([]);
    rmSync(path);
    expect(await replayed(entry)).toEqual([`${file} is gone: npm run scenario drops its entry`]);
    expect(dropGone(seeds)).toContain(`dropped kept-1 from the bank: ${file} no longer exists`);
    expect(readBank(seeds)).toEqual([]);
  });

  test('stands in the page with its seed', () => {
    bank('listed', { ...drawn, planted: 'first-fill-ends-order' }, folder);
    expect(describeBank(folder)).toContain('| 12 | for a test |');
    expect(describeBank(folder)).toContain('`first-fill-ends-order` |');
  });

  test('is told by name when it is wrong', () => {
    const other = join(folder, 'wrong');
    expect(readBank(other)).toEqual([]);
    bank('bad', drawn, other);
    const path = join(other, 'bad.json');
    const right = readFileSync(path, 'utf8');
    expect(existsSync(path)).toBe(true);
    writeFileSync(path, right.replace('"faults": {', '"faults": { "vanue": { "dropRatio": 1 }, '));
    expect(() => readBank(other)).toThrow(
      'bad.json is no entry of the bank: script.faults there is no fault vanue.dropRatio',
    );
    writeFileSync(path, right.replace('"do":"', '"do":"un'));
    expect(() => readBank(other)).toThrow('is no deed of people');
  });
});

test('a name says what was broken and with which seed', () => {
  expect(bankName('7', 'I5 one venue order at 17: twice')).toBe('i5-one-venue-order-7');
  expect(bankName('text-2', '../../x went wrong')).toBe('x-went-wrong-text-2');
  expect(bankName('7', '')).toBe('failed-7');
});
