/**
 * Our column in a harness of peers, started in the harness's folder: `PITWALL="node <checkout>/scripts/bench-adapter.mjs"`. Nothing is built
 * here, because the start of the process is one of the harness's figures.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { fail, fromRoot, ROOT } from './lib/root.mjs';

const built = fromRoot('dist', 'bench', 'adapter.js');
if (!existsSync(built)) fail('start', 'the adapter is not built yet: npm run build');
process.env.BENCH_HARNESS = process.cwd();
process.chdir(ROOT);
await import(pathToFileURL(built).href);
