/**
 * Where in the source of a scenario in TypeScript something is said: as far as objects and lists are written out. What a program makes
 * (a list of `map`, a spread) is told by the place where it is made.
 */
import type { Expression, Node, ObjectPropertyKind, ParseResult } from 'oxc-parser';
import type { Path, Place, Problem } from './problems.ts';

type Program = ParseResult['program'];

/** More names that stand for names, and calls around calls, nobody writes. */
const HOPS_MAX = 20;

class Source {
  constructor(
    private readonly program: Program,
    private readonly text: string,
  ) {}

  /** The value of a default export, or of what its function returns. */
  get exported(): Node | undefined {
    const found = this.program.body.find((statement) => statement.type === 'ExportDefaultDeclaration');
    return found && this.value(found.declaration);
  }

  /** What an expression comes down to: behind a call of `defineScenario`, a name, a function, a claim about its type. */
  private value(node: Node, hops = 0): Node {
    const next = hops < HOPS_MAX ? this.behind(node) : undefined;
    return next ? this.value(next, hops + 1) : node;
  }

  private behind(node: Node): Node | undefined {
    switch (node.type) {
      case 'Identifier':
        return this.declared(node.name);
      case 'CallExpression': {
        const isDefined = node.callee.type === 'Identifier' && node.callee.name === 'defineScenario';
        return isDefined ? node.arguments[0] : undefined;
      }
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'ParenthesizedExpression':
        return node.expression;
      case 'ArrowFunctionExpression':
        return node.expression ? returned(node.body) : undefined;
      default:
        return undefined;
    }
  }

  private declared(name: string): Expression | undefined {
    const all = this.program.body.flatMap((statement) =>
      statement.type === 'VariableDeclaration' ? statement.declarations : [],
    );
    return all.find(({ id }) => id.type === 'Identifier' && id.name === name)?.init ?? undefined;
  }

  /** What lies there of an object or a list; undefined where it is not written out. */
  below(holder: Node, part: string | number): { readonly key: Node; readonly value: Node } | undefined {
    if (holder.type === 'ObjectExpression') {
      const property = holder.properties.findLast((one) => keyOf(one) === String(part));
      return property?.type === 'Property' ? { key: property.key, value: this.value(property.value) } : undefined;
    }
    if (holder.type !== 'ArrayExpression' || typeof part !== 'number') return undefined;
    const written = holder.elements.slice(0, part + 1);
    const element = written[part];
    if (!element || written.some((one) => one?.type === 'SpreadElement')) return undefined;
    return { key: element, value: this.value(element) };
  }

  placeAt(offset: number): Place {
    const before = this.text.slice(0, offset);
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
  }
}

const returned = (body: Node): Node | undefined => (body.type === 'BlockStatement' ? undefined : body);

function keyOf(property: ObjectPropertyKind): string | undefined {
  if (property.type !== 'Property' || property.computed) return undefined;
  const { key } = property;
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

/** The place of a problem, or of the nearest thing around it that is written out. */
export async function placesIn(file: string, text: string): Promise<(problem: Problem) => Place | undefined> {
  const { parseSync } = await import('oxc-parser');
  const source = new Source(parseSync(file, text).program, text);
  const { exported } = source;
  return ({ path, atKey }) => {
    if (!exported) return undefined;
    const found = walk(source, exported, path);
    return source.placeAt(found.isWhole && atKey ? found.key.start : found.value.start);
  };
}

function walk(source: Source, from: Node, path: Path): { readonly key: Node; readonly value: Node; isWhole: boolean } {
  let at = { key: from, value: from };
  for (const part of path) {
    const next = source.below(at.value, part);
    if (!next) return { ...at, isWhole: false };
    at = next;
  }
  return { ...at, isWhole: true };
}
