/** Reports and JUnit XML find a place of their own, or somebody is told before anything runs. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportFiles, whyNoFolder, whyUnwritable } from './outputs.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-outputs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a report', () => {
  test('of one run is the file itself, of a run in a folder one that says what ran', () => {
    const one = [{ file: 'a/x.yaml', seed: '1' }];
    expect(reportFiles(join(folder, 'x.html'), one)).toEqual([join(folder, 'x.html')]);
    expect(reportFiles(folder, one)).toEqual([join(folder, 'x.yaml-1.html')]);
  });
  test.each([
    ['files of one name in two folders', 'a/x.yaml', 'b/x.yaml', '1'],
    ['seeds that look like paths', 'a/x.yaml', 'a/x.yaml', '../../1'],
    ['a very long seed', 'a/x.yaml', 'b/x.yaml', '1'.repeat(5_000)],
  ])('has a name of its own in the folder: %s', (_, first, second, seed) => {
    const files = reportFiles(folder, [
      { file: first, seed },
      { file: first, seed, bug: 0 },
      { file: second, seed },
    ]);
    expect(new Set(files).size).toBe(3);
    for (const file of files) {
      expect(file).toBe(join(folder, basename(file)));
      writeFileSync(file, '');
    }
  });
});

describe('what cannot be written is told', () => {
  test('of a file', () => {
    expect(whyUnwritable(join(folder, 'new.xml'))).toBeUndefined();
    expect(whyUnwritable(join(folder, 'nowhere', 'new.xml'))).toBe('its folder is not there');
    expect(whyUnwritable(folder)).toBe('it is a folder');
    expect(existsSync(join(folder, 'new.xml'))).toBe(false);
  });
  test('of a folder, which is made when it is missing', () => {
    const inside = join(folder, 'deep', 'down');
    expect(whyNoFolder(inside)).toBeUndefined();
    expect(existsSync(inside)).toBe(true);
    writeFileSync(join(folder, 'file'), '');
    expect(whyNoFolder(join(folder, 'file'))).toBe('EEXIST');
  });
});
