/** Files are small, say what they are about, and carry no leftovers. */
import { describe, expect, it } from 'vitest';
import {
  anyTypes,
  barrels,
  leftovers,
  longFiles,
  longFunctions,
  medianLines,
  silentOpenings,
  vagueNames,
} from './shape.ts';
import { parseSource, type Rule, sources } from './source.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `f(${index});`).join('\n');
const offends = (rule: Rule, path: string, text: string) => rule([parseSource(path, text)]).length > 0;

describe('the size of files', () => {
  it('is at most 300 lines, tests 500', () => expect(longFiles(sources())).toEqual([]));
  it('has a median below 160 lines', () => {
    const median = medianLines(sources());
    console.info(`median length of a source file: ${median} lines`);
    expect(median).toBeLessThan(160);
  });
  it('is measured', () => {
    expect(offends(longFiles, 'domain/a.ts', lines(300))).toBe(false);
    expect(offends(longFiles, 'domain/a.ts', lines(301))).toBe(true);
    expect(offends(longFiles, 'domain/a.test.ts', lines(500))).toBe(false);
    expect(offends(longFiles, 'domain/a.test.ts', lines(501))).toBe(true);
    expect(medianLines([1, 9, 3].map((count) => parseSource(`domain/${count}.ts`, lines(count))))).toBe(3);
  });
});

describe('the size of functions', () => {
  it('is at most 60 lines', () => expect(longFunctions(sources())).toEqual([]));
  it.each([
    ['a declaration', (body: string) => `function f() {\n${body}\n}`],
    ['an arrow', (body: string) => `const f = () => {\n${body}\n};`],
    ['a method', (body: string) => `class A { f() {\n${body}\n} }`],
  ])('is measured of %s', (_, wrap) => {
    expect(offends(longFunctions, 'domain/a.ts', wrap(lines(58)))).toBe(false);
    expect(offends(longFunctions, 'domain/a.ts', wrap(lines(59)))).toBe(true);
  });
  it('does not count the statechart that a function makes', () => {
    const chart = `setup({ guards: {} }).createMachine({\n${'a: 1,\n'.repeat(80)}})`;
    expect(offends(longFunctions, 'machines/a.machine.ts', `const f = () => ${chart};`)).toBe(false);
    expect(offends(longFunctions, 'machines/a.machine.ts', `const f = () => {\n${lines(60)}\n${chart} };`)).toBe(true);
  });
});

describe('what a file says', () => {
  it('begins with a doc comment of one to four lines', () => expect(silentOpenings(sources())).toEqual([]));
  it('is missed when it is absent, late or long', () => {
    expect(offends(silentOpenings, 'domain/a.ts', '/** Decides. */\nexport const a = 1;')).toBe(false);
    expect(offends(silentOpenings, 'domain/a.ts', 'export const a = 1;')).toBe(true);
    expect(offends(silentOpenings, 'domain/a.ts', 'export const a = 1;\n/** Decides. */')).toBe(true);
    expect(offends(silentOpenings, 'domain/a.ts', '// Decides.\nexport const a = 1;')).toBe(true);
    expect(offends(silentOpenings, 'domain/a.ts', `/**\n${' * more\n'.repeat(5)} */`)).toBe(true);
  });
});

describe('leftovers', () => {
  const marker = ['TO', 'DO'].join('');
  it('are nowhere', () => expect(leftovers(sources())).toEqual([]));
  it.each([
    `// ${marker}: later`,
    `/* ${marker} */`,
    '// const price = 5;',
    '// send(order);',
    '/*\n * return price;\n */',
  ])('are caught when planted: %s', (text) => expect(offends(leftovers, 'domain/a.ts', text)).toBe(true));
  it('are not prose that mentions code', () => {
    expect(offends(leftovers, 'domain/a.ts', '// if the price moves, `send(order)` is called again')).toBe(false);
  });
});

describe('types and names', () => {
  it('give nothing up with any', () => expect(anyTypes(sources())).toEqual([]));
  it('hide nothing in barrels', () => expect(barrels(sources())).toEqual([]));
  it('say what a file is about', () => expect(vagueNames(sources())).toEqual([]));
  it.each([
    [anyTypes, 'domain/a.ts', 'export const a: any = 1;'],
    [anyTypes, 'domain/a.ts', 'export const a = b as any;'],
    [barrels, 'domain/index.ts', "export * from './a.ts';\nexport { b } from './b.ts';"],
    [vagueNames, 'domain/utils.ts', ''],
    [vagueNames, 'api/string-utils/pad.ts', ''],
  ])('are caught when planted: %o in %s: %s', (rule, path, text) => expect(offends(rule, path, text)).toBe(true));
  it.each([
    [anyTypes, 'domain/a.ts', "export const any = 'any';"],
    [barrels, 'domain/a.ts', "import { b } from './b.ts';\nexport const a = b;\nexport { c } from './c.ts';"],
    [vagueNames, 'domain/utilisation.ts', ''],
  ])('are not caught without cause: %o in %s: %s', (rule, path, text) => expect(offends(rule, path, text)).toBe(false));
});
