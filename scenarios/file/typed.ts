/** A scenario in TypeScript: bundled in memory and evaluated; its default export is the scenario, or a function that makes it. */
import { join, resolve } from 'node:path';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';
import { ScenarioError } from './problems.ts';

/** What a file imports that lies anywhere; inside of the checkout `../file/schema.ts` does too. */
const DOOR = 'pitwall/scenario';
const SCHEMA = join(CHECKOUT_DIRECTORY, 'scenarios', 'file', 'schema.ts');

const hintFor = (problem: string): string =>
  /Could not resolve "[^"]*file\/schema\.ts"/.test(problem) ? `: outside of the checkout import '${DOOR}' instead` : '';

/** Throws `ScenarioError` when it can't be bundled, throws while it is evaluated, or exports nothing. */
export async function importTyped(file: string): Promise<unknown> {
  try {
    const { build } = await import('esbuild');
    const { outputFiles } = await build({
      entryPoints: [resolve(file)],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      logLevel: 'silent',
      alias: { [DOOR]: SCHEMA },
    });
    const code = Buffer.from(outputFiles[0]!.contents).toString('base64');
    const address = `data:text/javascript;base64,${code}`;
    const module: { readonly default?: unknown } = await import(address);
    if (module.default === undefined) throw new Error('it has no default export');
    return typeof module.default === 'function' ? module.default() : module.default;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ScenarioError(file, [`${file} cannot be loaded: ${problem}${hintFor(problem)}`]);
  }
}
