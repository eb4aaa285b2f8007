/**
 * Reads the YAML or JSON of a scenario with the place of everything in it. What is wrong with the YAML itself is told by its line, aliases that
 * stand for nothing among it; what is read has no value within itself.
 */
import {
  type Alias,
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Range,
  visit,
} from 'yaml';
import { type Path, type Place, type Problem, problemLine, ScenarioError } from './problems.ts';

const ALIASES_MAX = 1_000;

/** What was read of a file, before anybody asks whether it is a scenario. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly data: unknown;
  readonly locate: (problem: Problem) => Place | undefined;
}

/** Where the path's value begins, or its key; for what is missing, the nearest thing around it. */
function placeOf(document: Document, lines: LineCounter, { path, atKey }: Problem): Place | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length);
    const node = (atKey && length === path.length ? keyNode(document, part) : undefined) ?? document.getIn(part, true);
    if (!isNode(node) || !node.range) continue;
    return nodePlace(node, lines);
  }
  return undefined;
}

function keyNode(document: Document, path: Path): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const key = path.at(-1);
  const found = parent.items.find((pair: Pair) => isScalar(pair.key) && pair.key.value === key);
  return found?.key;
}

/** Behind such a fault the reader has lost its way: what it tells then is about nothing. */
const IS_LOST = new Set([
  'UNEXPECTED_TOKEN',
  'MISSING_CHAR',
  'BAD_SCALAR_START',
  'BLOCK_IN_FLOW',
  'MULTILINE_IMPLICIT_KEY',
]);
const ONE_SCENARIO = 'a file holds one scenario, what stands behind --- belongs into another';
const QUOTES_HINT = 'within { } a text with ${…} in it has to stand in quotes';

/** What is wrong with the YAML itself, up to the first fault that makes everything behind it unreadable. */
function unreadable(document: Document, lines: LineCounter, text: string) {
  const all = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const lost = all.findIndex(({ code }) => IS_LOST.has(code));
  return all.slice(0, lost < 0 ? all.length : lost + 1).map(({ message, pos, code }) => {
    const { line, col } = lines.linePos(pos[0]);
    const isUnquoted = IS_LOST.has(code) && text.slice(0, pos[0]).endsWith('$');
    const ours = isUnquoted ? QUOTES_HINT : code === 'MULTIPLE_DOCS' && ONE_SCENARIO;
    return { place: { line, column: col }, message: ours || message };
  });
}

const isWithin = ({ range }: Alias, around: Node): boolean =>
  !!range && !!around.range && around.range[0] <= range[0] && range[0] < around.range[1];

/** Why an alias stands for nothing: the reader itself tells only the first such, and not where; a value within itself it takes. */
function whyLost(alias: Alias, document: Document): string | undefined {
  const meant = alias.resolve(document);
  if (!meant) return `*${alias.source} names no anchor before it`;
  return isWithin(alias, meant) ? `*${alias.source} stands within what it names` : undefined;
}

function lostAliases(document: Document, lines: LineCounter) {
  const lost: { readonly place: Place | undefined; readonly message: string }[] = [];
  visit(document, {
    Alias(_, alias) {
      const message = whyLost(alias, document);
      if (message !== undefined) lost.push({ place: nodePlace(alias, lines), message });
    },
  });
  return lost;
}

function firstAlias(document: Document): Alias | undefined {
  let first: Alias | undefined;
  visit(document, {
    Alias(_, alias) {
      first = alias;
      return visit.BREAK;
    },
  });
  return first;
}

function nodePlace(node: { readonly range?: Range | null } | undefined, lines: LineCounter): Place | undefined {
  if (!node?.range) return undefined;
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
}

/** YAML 1.2, of which JSON is a part. Throws `ScenarioError` with a line for each fault of the YAML itself. */
export function readYaml(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (faults: readonly { readonly place: Place | undefined; readonly message: string }[]): never => {
    const told = faults.map(({ place, message }) =>
      problemLine(file, place, { path: [], message: `is not readable: ${message}` }),
    );
    throw new ScenarioError(file, told);
  };
  const faults = unreadable(document, lines, text);
  if (faults.length > 0) refuse(faults);
  const lost = lostAliases(document, lines);
  if (lost.length > 0) refuse(lost);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    // What is left to go wrong is that aliases of aliases become too many.
    refuse([
      {
        place: nodePlace(firstAlias(document), lines),
        message: error instanceof Error ? error.message : String(error),
      },
    ]);
  }
  return { file, text, data, locate: (problem) => placeOf(document, lines, problem) };
}
