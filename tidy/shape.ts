/** The shape of files: small, about one thing, opened by a sentence that says which, free of leftovers. */
import type { Node } from 'oxc-parser';
import { isTest, lineAt, type Rule, type Source } from './source.ts';
import { walk } from './walk.ts';

const SOURCE_LINES_MAX = 300;
const TEST_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 60;
const OPENING_LINES_MAX = 4;
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
/** A statement in a comment: it ends like code and begins like code. */
const STATEMENT =
  /^\s*((const|let|var|import|export|return|await|throw|if|for|while|function|class)\b.*[;{}]|[\w.]+\(.*\);)\s*$/;

export const longFiles: Rule = (sources) =>
  sources
    .filter(({ path, lines }) => lines > (isTest(path) ? TEST_LINES_MAX : SOURCE_LINES_MAX))
    .map(({ path, lines }) => `${path} has ${lines} lines`);

export function medianLines(sources: readonly Source[]): number {
  const lines = sources.filter(({ path }) => !isTest(path)).map((source) => source.lines);
  return lines.sort((a, b) => a - b)[Math.floor(lines.length / 2)] ?? 0;
}

const eachNode = (sources: readonly Source[], offence: (node: Node, source: Source) => string | undefined): string[] =>
  sources.flatMap((source) => {
    const found: string[] = [];
    walk(source.program, (node) => {
      const what = offence(node, source);
      if (what) found.push(`${source.path}:${lineAt(source, node.start)} ${what}`);
    });
    return found;
  });

const spanOf = (node: Node, source: Source): number => lineAt(source, node.end) - lineAt(source, node.start);

/** Lines inside that are a statechart or its named parts: data for XState, not steps of this function. */
function statechartLines(node: Node, source: Source): number {
  let lines = 0;
  walk(node, (inner) => {
    if (inner.type !== 'CallExpression') return;
    const { callee } = inner;
    const name = callee.type === 'Identifier' ? callee.name : '';
    const method =
      callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : '';
    if (name !== 'setup' && method !== 'createMachine') return;
    lines += inner.arguments.reduce((sum, argument) => sum + spanOf(argument, source), 0);
  });
  return lines;
}

export const longFunctions: Rule = (sources) =>
  eachNode(
    sources.filter(({ path }) => !isTest(path)),
    (node, source) => {
      if (!FUNCTIONS.has(node.type)) return undefined;
      const lines = spanOf(node, source) + 1 - statechartLines(node, source);
      return lines > FUNCTION_LINES_MAX ? `is a function of ${lines} lines` : undefined;
    },
  );

export const anyTypes: Rule = (sources) =>
  eachNode(sources, (node) => (node.type === 'TSAnyKeyword' ? 'says any' : undefined));

/** A barrel only passes on what others export, and hides who needs what. */
export const barrels: Rule = (sources) =>
  sources
    .filter(
      ({ program }) =>
        program.body.length > 0 &&
        program.body.every((node) => 'source' in node && /^Export/.test(node.type) && node.source !== null),
    )
    .map(({ path }) => `${path} only re-exports`);

export const vagueNames: Rule = (sources) =>
  sources
    .filter(({ path }) => /(^|[/.-])(utils?|helpers?|misc)([/.-]|$)/.test(path))
    .map(({ path }) => `${path} has a name that says nothing`);

export const leftovers: Rule = (sources) =>
  sources.flatMap((source) =>
    source.comments.flatMap(({ value, start }) => {
      const where = `${source.path}:${lineAt(source, start)}`;
      const marker = /\b(TODO|FIXME|XXX|HACK)\b/.exec(value)?.[0];
      if (marker) return [`${where} says ${marker}`];
      return value.split('\n').some((line) => STATEMENT.test(line.replace(/^\s*\*/, '')))
        ? [`${where} is commented-out code`]
        : [];
    }),
  );

function openingLines({ text, comments }: Source): number {
  const first = comments[0];
  const opens = first?.type === 'Block' && first.value.startsWith('*') && text.slice(0, first.start).trim() === '';
  return opens ? first.value.split('\n').filter((line) => /\w/.test(line)).length : 0;
}

export const silentOpenings: Rule = (sources) =>
  sources
    .filter(({ path }) => !isTest(path))
    .map((source) => ({ path: source.path, lines: openingLines(source) }))
    .filter(({ lines }) => lines === 0 || lines > OPENING_LINES_MAX)
    .map(({ path, lines }) => `${path} opens with ${lines} lines of doc comment instead of 1 to ${OPENING_LINES_MAX}`);
