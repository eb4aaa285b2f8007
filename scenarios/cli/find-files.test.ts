/** What `npm run scenario` runs when it is asked for a file, a folder or a name. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFiles } from './find-files.ts';

let folder: string;
let library: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-find-'));
  library = join(folder, 'library');
  mkdirSync(library);
  mkdirSync(join(folder, 'empty'));
  for (const name of ['01-first-trade.yaml', '05-venue-outage.yaml', '12-many.scenario.ts', 'notes.md'])
    writeFileSync(join(library, name), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = (...asked: string[]) => findFiles(asked, library, [folder]).map((file) => basename(file));

describe('scenarios are found', () => {
  test('by file, by folder, each once', () => {
    expect(found('library/05-venue-outage.yaml')).toEqual(['05-venue-outage.yaml']);
    expect(found('library', 'library/05-venue-outage.yaml')).toEqual([
      ...['01-first-trade.yaml', '05-venue-outage.yaml', '12-many.scenario.ts'],
    ]);
  });
  test('by the name in the library, with or without its number, or by the number', () => {
    expect(found('05-venue-outage', 'first-trade', '12')).toEqual([
      ...['05-venue-outage.yaml', '01-first-trade.yaml', '12-many.scenario.ts'],
    ]);
  });
  test('or told to be missing, with what may have been meant', () => {
    expect(() => found('venu-outage')).toThrow(
      'venu-outage is no file, no folder and no scenario of the library: did you mean "venue-outage"?',
    );
    expect(() => found('empty')).toThrow('empty holds no scenario');
  });
});
