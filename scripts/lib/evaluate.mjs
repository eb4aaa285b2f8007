/** Loads one TypeScript module of ours in a script: bundled into .cache/, imported from there. For what scripts render, not for what runs. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, ROOT } from './root.mjs';

export async function evaluate(path) {
  const { build } = await import('esbuild');
  const outfile = join(CACHE, 'evaluated', path.replace(/\.ts$/, '.mjs'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
