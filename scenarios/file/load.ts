/**
 * Reads a scenario: YAML and JSON with the place of each problem, TypeScript through the bundler with as much of it as is written out. Never runs what it could not read
 * whole; everything that is wrong with a file is told at once.
 */
import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { type Path, type Place, type Problem, problemLine, ScenarioError } from './problems.ts';
import { checkReferences } from './references.ts';
import type { Scenario } from './schema.ts';
import { shape } from './shape.ts';
import { soundPart } from './sound.ts';
import { placesIn } from './source-places.ts';
import { importTyped } from './typed.ts';

export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly file: string;
  /** The file's text, for its report. */
  readonly text: string;
}

const SIZE_MAX_BYTES = 4 * 1024 * 1024;
const ALIASES_MAX = 1_000;

type Locate = (problem: Problem) => Place | undefined;

const START: Place = { line: 0, column: 0 };
const inOrder = (a = START, b = START): number => a.line - b.line || a.column - b.column;

/** What else is wrong with a file of which parts have not their form. */
function restOf(data: unknown): readonly Problem[] {
  const sound = soundPart(data);
  if (!sound) return [];
  return checkReferences(sound.scenario, data).map((problem) => ({ ...problem, path: sound.placeOf(problem.path) }));
}

function finish(file: string, text: string, data: unknown, locate: Locate): LoadedScenario {
  const shaped = shape(data);
  const problems =
    'problems' in shaped ? [...shaped.problems, ...restOf(data)] : checkReferences(shaped.scenario, data);
  if ('scenario' in shaped && problems.length === 0) return { scenario: shaped.scenario, file, text };
  const placed = problems.map((problem) => ({ problem, place: locate(problem) }));
  placed.sort((a, b) => inOrder(a.place, b.place));
  throw new ScenarioError(
    file,
    placed.map(({ problem, place }) => problemLine(file, place, problem)),
  );
}

/** Where the path's value begins, or its key; for what is missing, the nearest thing around it. */
function placeOf(document: Document, lines: LineCounter, { path, atKey }: Problem): Place | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length);
    const node = (atKey && length === path.length ? keyNode(document, part) : undefined) ?? document.getIn(part, true);
    if (!isNode(node) || !node.range) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return { line, column: col };
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
const QUOTES_HINT = 'within { } a text with ${…} in it has to stand in quotes';

/** What is wrong with the YAML itself, up to the first fault that makes everything behind it unreadable. */
function unreadable(document: Document, lines: LineCounter, text: string) {
  const all = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const lost = all.findIndex(({ code }) => IS_LOST.has(code));
  return all.slice(0, lost < 0 ? all.length : lost + 1).map(({ message, pos, code }) => {
    const { line, col } = lines.linePos(pos[0]);
    const isUnquoted = IS_LOST.has(code) && text.slice(0, pos[0]).endsWith('$');
    return { place: { line, column: col }, message: isUnquoted ? QUOTES_HINT : message };
  });
}

/** YAML 1.2, of which JSON is a part. */
export function parseScenario(text: string, file: string): LoadedScenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = unreadable(document, lines, text).map(({ place, message }) =>
    problemLine(file, place, { path: [], message: `is not readable: ${message}` }),
  );
  if (faults.length > 0) throw new ScenarioError(file, faults);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    throw new ScenarioError(file, [
      `${file} is not readable: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  return finish(file, text, data, (problem) => placeOf(document, lines, problem));
}

/** Throws `ScenarioError` with a line for each problem. */
export async function loadScenario(file: string): Promise<LoadedScenario> {
  let text: string;
  try {
    if (statSync(file).size > SIZE_MAX_BYTES) throw new Error(`it is larger than ${SIZE_MAX_BYTES} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ScenarioError(file, [
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  if (!file.endsWith('.ts')) return parseScenario(text, file);
  const data = await importTyped(file);
  return finish(file, text, data, await placesIn(file, text));
}
