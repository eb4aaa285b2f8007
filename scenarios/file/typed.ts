/** A scenario in TypeScript: bundled in memory and evaluated; its default export is the scenario, or a function that makes it. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join, resolve } from 'node:path';
import type { BuildFailure } from 'esbuild';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { AmbientError, withoutAmbient } from '../ambient.ts';
import { type Place, problemLine, ScenarioError } from './problems.ts';

/** What a file imports that lies anywhere; inside of the checkout `../file/schema.ts` does too. */
const DOOR = 'pitwall/scenario';
const SCHEMA = join(CHECKOUT_DIRECTORY, 'scenarios', 'file', 'schema.ts');

const hintFor = (problem: string): string =>
  /Could not resolve "[^"]*file\/schema\.ts"/.test(problem) ? `: outside of the checkout import '${DOOR}' instead` : '';

interface Bundle {
  readonly address: string;
  readonly map: SourceMap;
}

interface Thrown {
  readonly file: string;
  readonly place: Place;
}

/** Where something was thrown, as the bundle's map tells it: in this file, else in one that it imports. Undefined for what has no stack. */
function thrownAt(error: unknown, { address, map }: Bundle, file: string): Thrown | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split(`${address}:`).slice(1);
  const all = frames.flatMap((frame): Thrown[] => {
    const [, line, column] = /^(\d+):(\d+)/.exec(frame) ?? [];
    const found = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in found)) return [];
    const { originalSource, originalLine, originalColumn } = found;
    const isOwn = resolve(originalSource) === resolve(file);
    return [{ file: isOwn ? file : originalSource, place: { line: originalLine + 1, column: originalColumn + 1 } }];
  });
  return all.find((thrown) => thrown.file === file) ?? all[0];
}

function textOf(error: unknown): string {
  // Its own words name the caller by the address of the bundle, which is all of its code.
  if (error instanceof AmbientError) return `it asks for ${error.what}, so that no run is like another`;
  return error instanceof Error ? error.message : String(error);
}

const refusal = (file: string, place: Place | undefined, problem: string): string =>
  problemLine(file, place, { path: [], message: `cannot be loaded: ${problem}${hintFor(problem)}` });

/** Throws `ScenarioError` with each thing that keeps it from being bundled, at its place; in a file that it imports at that one's. */
async function bundle(file: string): Promise<Bundle> {
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [resolve(file)],
      bundle: true,
      write: false,
      outdir: '.',
      sourcemap: 'external',
      sourcesContent: false,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      logLevel: 'silent',
      alias: { [DOOR]: SCHEMA },
    });
    const [map, code] = [
      outputFiles.find(({ path }) => path.endsWith('.map'))!,
      outputFiles.find(({ path }) => !path.endsWith('.map'))!,
    ];
    const address = `data:text/javascript;base64,${Buffer.from(code.contents).toString('base64')}`;
    return { address, map: new SourceMap(JSON.parse(map.text) as SourceMapPayload) };
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    if (errors.length === 0) throw new ScenarioError(file, [refusal(file, undefined, textOf(error))]);
    const lines = errors.map(({ text, location }) => {
      if (!location) return refusal(file, undefined, text);
      const isOwn = resolve(location.file) === resolve(file);
      return refusal(isOwn ? file : location.file, { line: location.line, column: location.column + 1 }, text);
    });
    throw new ScenarioError(file, lines);
  }
}

/** Undefined without a default export. A program that draws or looks at a clock would make another scenario each time. */
const evaluated = ({ address }: Bundle): Promise<{ readonly scenario: unknown } | undefined> =>
  withoutAmbient(async () => {
    const { default: exported }: { readonly default?: unknown } = await import(address);
    return exported === undefined
      ? undefined
      : { scenario: typeof exported === 'function' ? await exported() : exported };
  });

/** Throws `ScenarioError` when it can't be bundled, throws while it is evaluated, or exports nothing. */
export async function importTyped(file: string): Promise<unknown> {
  const made = await bundle(file);
  try {
    const exported = await evaluated(made);
    if (exported) return exported.scenario;
  } catch (error) {
    const thrown = thrownAt(error, made, file);
    throw new ScenarioError(file, [refusal(thrown?.file ?? file, thrown?.place, textOf(error))]);
  }
  throw new ScenarioError(file, [refusal(file, { line: 1, column: 1 }, 'it has no default export')]);
}
