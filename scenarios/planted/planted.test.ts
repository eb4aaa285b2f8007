/** Planted bugs have their place in the product as it is now, and a place that is gone or there twice is told by the bug's name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { checkerIn } from './checker-in.ts';
import type { Mutation } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';
import { renderPage, rowsIn } from './page.ts';
import { editsOf, planted } from './plant.ts';

describe('planted bugs', () => {
  test.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))('%s has its place', (name, mutation) => {
    for (const edit of editsOf(mutation)) {
      const source = readFileSync(join(CHECKOUT_DIRECTORY, edit.file), 'utf8');
      expect(planted(source, edit, name)).not.toBe(source);
    }
  });

  test('have names of their own', () => {
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });

  test('are refused where their place is gone, or there twice', () => {
    const edit = { file: 'a.ts', find: 'x + 1', replace: 'x' };
    expect(planted('y = x + 1;', edit, 'less')).toBe('y = x;');
    expect(() => planted('y = x;', edit, 'less')).toThrow('planted bug less: its place was found 0 times');
    expect(() => planted('x + 1; x + 1', edit, 'less')).toThrow('found 2 times');
  });
});

describe('the page', () => {
  const mutation: Mutation = { name: 'less', file: 'a.ts', find: 'x', replace: 'y', why: 'too little' };
  const page = (failures: readonly string[], seed: string | undefined) =>
    renderPage([{ mutation, caught: { seed, seeds: 40, failures } }], '2026-11-22', 3);

  test('names the checker and the seed', () => {
    expect(page(['I5 one venue order at 17: twice', 'I5 one venue order at rest: again'], '7')).toContain(
      '| `less` | a.ts | too little | 7 | I5 one venue order |',
    );
  });

  test('tells why a bug that does no harm was missed', () => {
    const harmless = { ...mutation, masked: 'another net holds it' };
    const missed = renderPage([{ mutation: harmless, caught: { seed: undefined, seeds: 40, failures: [] } }], 'now', 3);
    expect(missed).toContain('| **missed** in 40 | nobody can: another net holds it |');
  });

  test('is read back as it was written', () => {
    expect(rowsIn(page(['I5 one venue order at 17: twice'], '7'))).toEqual({
      minutes: 3,
      rows: [{ name: 'less', seed: '7', by: 'I5 one venue order' }],
    });
    expect(rowsIn(page([], undefined)).rows).toMatchObject([{ seed: undefined }]);
  });

  test('says when only the bank shows it', () => {
    const caught = { seed: '417', seeds: 1, failures: ['I1 fills within quantity at rest: no'], banked: 'gone-417' };
    const only = renderPage([{ mutation, caught }], 'now', 3);
    expect(only).toContain('| 417 of the [bank](SEEDS.md) | I1 fills within quantity |');
    expect(rowsIn(only).rows).toMatchObject([{ seed: undefined }]);
  });

  test('names every bug that is planted', () => {
    const { rows } = rowsIn(readFileSync(join(CHECKOUT_DIRECTORY, 'docs', 'PLANTED-BUGS.md'), 'utf8'));
    expect(rows.map(({ name }) => name)).toEqual(MUTATIONS.map(({ name }) => name));
  });

  test('names what was missed', () => {
    expect(page([], undefined)).toContain('| `less` | a.ts | too little | **missed** in 40 | - |');
  });
});

test('what no checker found is told whole', () => {
  expect(checkerIn('A1 acknowledged is durable at rest: no')).toBe('A1 acknowledged is durable');
  expect(checkerIn('the house gave up: too often')).toBe('the house gave up: too often');
});
