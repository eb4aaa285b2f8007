/** A start that can't go on because of a setting says which one. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseFault } from '../db/client/fault.ts';
import { readSettings, SettingsError } from './settings.ts';
import { inWordsOfSettings, lookAround, worldsBeside } from './surroundings.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'pitwall-surroundings-'));
  writeFileSync(join(home, 'file'), '');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    lookAround(readSettings({ DATA_DIR: home, ...env }));
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('what settings name', () => {
  it('is made where it is ours', () => {
    const folder = join(home, 'deep', 'data');
    expect(problemsOf({ DATA_DIR: folder })).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  // In /proc the system denies that the parent of a new folder exists: Node's recursive mkdir would try for ever.
  it('is refused in the words of its setting when it can not be made', () => {
    expect(problemsOf({ DATA_DIR: '/proc/nope' })).toEqual([
      'DATA_DIR="/proc/nope" can\'t be made (ENOENT); allowed: a folder that can be written',
    ]);
    expect(problemsOf({ DATA_DIR: join(home, 'file', 'data') })).toEqual([
      expect.stringMatching(/can't be made \(E\w+\)/),
    ]);
  });

  it('is refused when it is something else, or not there, all together', () => {
    const file = join(home, 'file');
    const problems = problemsOf({ DATA_DIR: file, IMPORT_DIR: join(home, 'none'), MARKET_DATA: `replay:${home}` });
    expect(problems).toEqual([
      expect.stringMatching(/^DATA_DIR=.* is no folder; allowed/),
      expect.stringMatching(/^IMPORT_DIR=.* can't be opened \(ENOENT\); allowed/),
      expect.stringMatching(/^MARKET_DATA=.* names no file; allowed/),
    ]);
    expect(problemsOf({ IMPORT_DIR: file })).toEqual([expect.stringContaining('is no folder')]);
    expect(problemsOf({ IMPORT_DIR: home, MARKET_DATA: `replay:${file}` })).toEqual([]);
    expect(problemsOf({ MARKET_DATA: `replay:${home}/none.csv` })).toEqual([
      expect.stringContaining("names a file that can't be read (ENOENT)"),
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('is refused when it may not be written', () => {
    const folder = mkdtempSync(join(home, 'locked-'));
    chmodSync(folder, 0o500);
    expect(problemsOf({ DATA_DIR: folder })).toEqual([expect.stringContaining('may not be used (EACCES)')]);
  });
});

describe('a world', () => {
  it('is told of those beside it in the data folder, and of nothing else that lies there', () => {
    const data = mkdtempSync(join(home, 'worlds-'));
    for (const folder of ['simulated-2/database', 'simulated-1/database', 'replay-x/incoming', 'simulated-7/database'])
      mkdirSync(join(data, folder), { recursive: true });
    expect(worldsBeside(data, 'simulated-7')).toEqual(['simulated-1', 'simulated-2']);
  });
});

describe('an error of the start', () => {
  const settings = readSettings({ HOST: '999.1.1.1', PORT: '81', DATABASE_URL: 'postgres://u:secret@h/d' });
  const of = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });
  it.each([
    [of('ENOTFOUND', 'getaddrinfo'), 'HOST="999.1.1.1" can\'t be listened on (ENOTFOUND)'],
    [of('EADDRNOTAVAIL', 'listen'), 'HOST="999.1.1.1" can\'t be listened on (EADDRNOTAVAIL)'],
    [of('EADDRINUSE', 'listen'), 'PORT="81" can\'t be listened on (EADDRINUSE)'],
    [
      new DatabaseFault('connect ECONNREFUSED', 'ECONNREFUSED', undefined),
      "DATABASE_URL=(not shown) can't be used: connect",
    ],
  ])('is told in the words of its setting: %s', (error, words) => {
    const told = inWordsOfSettings(error, settings);
    expect(told).toBeInstanceOf(SettingsError);
    expect((told as SettingsError).problems).toEqual([expect.stringContaining(words)]);
    expect(String(told)).not.toContain('secret');
  });
  it('is left as it is when no setting is to blame', () => {
    const error = new Error('the database is in use by pid 7');
    expect(inWordsOfSettings(error, settings)).toBe(error);
  });
});
