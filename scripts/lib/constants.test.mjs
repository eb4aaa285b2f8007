/** Numbers that never change are constants of a bundle; whatever else is declared there stays what it was. */
import { describe, expect, it } from 'vitest';
import { keepConstants } from './constants.mjs';

describe('a number at the top level of a bundle', () => {
  it('is a constant where it is named like one', () => {
    expect(
      keepConstants('var DAY_MS = 864e5;\nvar DUST = 1e-9;\nvar LEAST = -1;\nf(DAY_MS === DUST, { DUST: LEAST });'),
    ).toBe('const DAY_MS = 864e5;\nconst DUST = 1e-9;\nconst LEAST = -1;\nf(DAY_MS === DUST, { DUST: LEAST });');
  });

  it.each(['COUNT = 2', 'COUNT += 1', 'COUNT ??= 1', 'COUNT >>>= 1', 'COUNT++', '--COUNT', 'if (a) COUNT=b'])(
    'stays a variable where something says %s',
    (change) => {
      const program = `var COUNT = 1;\nfunction f() {\n  ${change};\n}`;
      expect(keepConstants(program)).toBe(program);
    },
  );
});

it('everything else stays as it is: other names, other values, inner variables, text', () => {
  for (const program of [
    'var count = 1;',
    'var A = 1;',
    'var LIMITS = { MAX: 1 };',
    'var LATER;',
    'function f() {\n  var INNER = 1;\n}',
    'var SUM = 1 + ONE;',
  ])
    expect(keepConstants(program)).toBe(program);
});

it('a bundle of its own means the same', () => {
  const program = 'var STEP = 3;\nvar COUNT = 0;\nfor (const on of [1, 2]) COUNT += on * STEP;\nreturn COUNT;';
  expect(keepConstants(program)).toContain('const STEP');
  expect(new Function(keepConstants(program))()).toBe(new Function(program)());
});
