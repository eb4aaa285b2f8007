/** Literals that begin with a spread, and only they, begin with nothing; what they mean stays. */
import { describe, expect, it } from 'vitest';
import { beginWithNothing } from './spreads.mjs';

const changed = (program) => beginWithNothing('program.ts', program);

describe('a literal that begins with a spread and goes on', () => {
  it('begins with nothing, wherever it stands', async () => {
    expect(await changed('f({ ...a, b, c: [{ ...{ ...d, e } }] });')).toBe(
      'f({ ...undefined, ...a, b, c: [{ ...{ ...undefined, ...d, e } }] });',
    );
    expect(await changed('const g = (s: S) => ({\n  ...s,\n  ...(s.x && { x }),\n});')).toBe(
      'const g = (s: S) => ({\n  ...undefined, ...s,\n  ...(s.x && { x }),\n});',
    );
  });

  it('is the same object afterwards', async () => {
    const program =
      'const s = { b: 1, a: 2 }; const o = { ...s, c: 3, ...{ ...s, d: s.a } }; return JSON.stringify(o);';
    const of = (text) => new Function(text)();
    expect(of((await changed(`() => {${program}}`)).slice(7, -1))).toBe(of(program));
  });
});

describe('everything else', () => {
  it('stays as it is: copies, patterns, arrays, calls, names first', async () => {
    for (const program of [
      'const a = { ...b };',
      'const { ...rest } = a;',
      'const f = ({ ...rest }) => rest;',
      'const a = [...b, c];',
      'f(...a, { b });',
      'const a = { b, ...c, d };',
      "const text = '{ ...a, b }';",
    ])
      expect(await changed(program)).toBe(program);
  });

  it('is left to the compiler where it is no program', async () => {
    expect(await changed('const a = { ...b, ;')).toBe('const a = { ...b, ;');
  });
});
