/**
 * A bundle's top level has no `const`: esbuild makes each a `var`. To V8 a number there is one that may change, which it loads and looks at
 * again at each use, in the innermost loop too; as a constant it is part of the compiled code. A backtest over bars takes a tenth less.
 */

const DECLARED = /^var ([A-Z][A-Z0-9_]+) = (-?\d[\d.e+-]*);$/gm;
const OPERATOR = String.raw`(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\+\+|--`;
const CHANGED = new RegExp(
  String.raw`(?<!^var )(?<![\w$.])([A-Z][A-Z0-9_]+)\s*(?:${OPERATOR})|(?:\+\+|--)([A-Z][A-Z0-9_]+)`,
  'gm',
);

/** The same program, in which numbers that are named like constants, and are never given another value, are constants. */
export function keepConstants(program) {
  const changed = new Set([...program.matchAll(CHANGED)].map(([, name, counted]) => name ?? counted));
  return program.replaceAll(DECLARED, (line, name, value) => (changed.has(name) ? line : `const ${name} = ${value};`));
}
