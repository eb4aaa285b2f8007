/** What counts as installed. */
import { describe, expect, it } from 'vitest';
import { outdatedPackages } from './ensure.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/hono': { version: '4.0.0' },
    'node_modules/zod': { version: '4.1.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
};

describe('installed packages', () => {
  it('are current when every locked one is there in its version', () => {
    expect(outdatedPackages(lock, lock)).toEqual([]);
  });
  it('are outdated where one is missing or of another version', () => {
    const installed = { packages: { 'node_modules/hono': { version: '3.9.0' } } };
    expect(outdatedPackages(lock, installed)).toEqual(['node_modules/hono', 'node_modules/zod']);
  });
  it('need no package of another platform', () => {
    const { 'node_modules/other-platform': _, ...installed } = lock.packages;
    expect(outdatedPackages(lock, { packages: installed })).toEqual([]);
  });
});
