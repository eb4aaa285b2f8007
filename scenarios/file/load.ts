/**
 * Reads a scenario: YAML and JSON with the place of each problem, TypeScript through the bundler with as much of it as is written out. Never runs what it could not read
 * whole; everything that is wrong with a file is told at once.
 */
import { readFileSync, statSync } from 'node:fs';
import { type Path, type Place, type Problem, pathText, problemLine, ScenarioError } from './problems.ts';
import { readYaml, type Source } from './read-yaml.ts';
import { checkReferences } from './references.ts';
import { replayFileProblems } from './replay-files.ts';
import type { Scenario } from './schema.ts';
import { shape } from './shape.ts';
import { type Sound, soundPart } from './sound.ts';
import { placesIn } from './source-places.ts';
import { importTyped } from './typed.ts';

export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly file: string;
  /** The file's text, for its report. */
  readonly text: string;
  /** Of a part: where its steps stand in the whole file's script, from 1. */
  readonly places?: readonly number[];
}

const SIZE_MAX_BYTES = 4 * 1024 * 1024;

const START: Place = { line: 0, column: 0 };
const inOrder = (a = START, b = START): number => a.line - b.line || a.column - b.column;

/** What a file says, as far as it has its form, and what is wrong with it. */
interface Judged {
  readonly scenario?: Scenario;
  readonly problems: readonly Problem[];
  /** As much of it as has its form. */
  readonly sound?: Sound;
}

const asWritten = (path: Path): Path => path;

/** Where a program or an alias has put something into itself, of which nobody comes to the end. `around`: what lies around the value. */
function circleIn(value: unknown, path: Path, around: Map<unknown, Path>, seen: Set<unknown>): Problem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const outer = around.get(value);
  if (outer) return { path, message: `contains itself: it is ${pathText(outer) || 'the whole'}` };
  if (seen.has(value)) return undefined;
  seen.add(value);
  around.set(value, path);
  for (const [key, item] of Object.entries(value)) {
    const found = circleIn(item, [...path, Array.isArray(value) ? Number(key) : key], around, seen);
    if (found) return found;
  }
  around.delete(value);
  return undefined;
}

/** An error of form hides no name that is wrong elsewhere. */
function judge(data: unknown): Judged {
  const circle = circleIn(data, [], new Map(), new Set());
  if (circle) return { problems: [circle] };
  const shaped = shape(data);
  const sound = 'scenario' in shaped ? { scenario: shaped.scenario, placeOf: asWritten } : soundPart(data);
  const others = sound ? placed(sound, checkReferences(sound.scenario, data)) : [];
  return {
    ...shaped,
    problems: 'problems' in shaped ? [...shaped.problems, ...others] : others,
    ...(sound && { sound }),
  };
}

const placed = ({ placeOf }: Sound, problems: readonly Problem[]): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, path: placeOf(problem.path) }));

/** The scenario that it is, or all that is wrong with it in the file's order, files that it names among them. */
function finish({ file, text, locate }: Source, { scenario, problems }: Judged): LoadedScenario {
  if (scenario && problems.length === 0) return { scenario, file, text };
  const told = problems.map((problem) => ({ problem, place: locate(problem) }));
  told.sort((a, b) => inOrder(a.place, b.place));
  throw new ScenarioError(
    file,
    told.map(({ problem, place }) => problemLine(file, place, problem)),
  );
}

/** Of a text alone: files that it names are not looked at. */
export function parseScenario(text: string, file: string): LoadedScenario {
  const source = readYaml(text, file);
  return finish(source, judge(source.data));
}

async function readSource(file: string): Promise<Source> {
  let text: string;
  try {
    if (statSync(file).size > SIZE_MAX_BYTES) throw new Error(`it is larger than ${SIZE_MAX_BYTES} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ScenarioError(file, [
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  if (!file.endsWith('.ts')) return readYaml(text, file);
  return { file, text, data: await importTyped(file), locate: await placesIn(file, text) };
}

/** Throws `ScenarioError` with a line for each problem, files of quotes that cannot be read among them. */
export async function loadScenario(file: string): Promise<LoadedScenario> {
  const source = await readSource(file);
  const judged = judge(source.data);
  const { sound } = judged;
  const files = sound ? placed(sound, await replayFileProblems(sound.scenario, file)) : [];
  return finish(source, { ...judged, problems: [...judged.problems, ...files] });
}

/** The same for one that was loaded a moment ago: files that it names are not unpacked once more. */
export async function reloadScenario(file: string): Promise<LoadedScenario> {
  const source = await readSource(file);
  return finish(source, judge(source.data));
}
