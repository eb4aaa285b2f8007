/**
 * The build: one esbuild bundle an entry point of scripts/entries.json, `a/b.ts` → `dist/a/b.js`. Skipped when no file that went
 * into the last one has changed, told by content hashes, so that it costs nothing to call it always.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keepConstants } from './constants.mjs';
import { CACHE, fromRoot, ROOT } from './root.mjs';
import { needsDetour, SPREADS_BANNER, spreads } from './spreads.mjs';

/** Found at run time beside the bundle: it brings WebAssembly, or loads its own parts by path. */
const EXTERNAL = ['@electric-sql/pglite', 'autocannon', 'comedy', 'esbuild', 'fast-check', 'nact', 'oxc-parser'];
/** Bundled CommonJS packages call `require` for Node's own modules. */
const BANNER =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";
const STAMP = join(CACHE, 'build.json');
/** Files that decide how is built, beside what is built. */
const RECIPE = [
  ...['package-lock.json', 'scripts/entries.json'],
  ...['scripts/lib/bundle.mjs', 'scripts/lib/constants.mjs', 'scripts/lib/spreads.mjs'],
];

const hashOf = (path) =>
  createHash('sha256')
    .update(readFileSync(fromRoot(path)))
    .digest('hex');

/** The listed entry points that exist, and those that don't (yet). */
export function entryPoints() {
  const listed = JSON.parse(readFileSync(fromRoot('scripts/entries.json'), 'utf8'));
  return {
    present: listed.filter((entry) => existsSync(fromRoot(entry))),
    missing: listed.filter((entry) => !existsSync(fromRoot(entry))),
  };
}

function isCurrent(stamp, entries) {
  if (stamp.needsDetour !== needsDetour) return false;
  if (stamp.entries.join() !== entries.join()) return false;
  if (!stamp.outputs.every((path) => existsSync(fromRoot(path)))) return false;
  return Object.entries(stamp.inputs).every(([path, hash]) => existsSync(fromRoot(path)) && hashOf(path) === hash);
}

/** Whole or not at all: a product that is running, or another build, never sees half a file. */
function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}

/** Builds what has changed; returns a line that says what happened. */
export async function bundle() {
  const { present, missing } = entryPoints();
  const absent = missing.length === 0 ? '' : `; not there: ${missing.join(', ')}`;
  const last = existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, 'utf8')) : { entries: [], inputs: {}, outputs: [] };
  if (isCurrent(last, present)) return `build is current${absent}`;
  const { build } = await import('esbuild');
  const startedMs = performance.now();
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: present,
    outbase: '.',
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'linked',
    metafile: true,
    write: false,
    logLevel: 'warning',
    external: EXTERNAL,
    banner: { js: `${BANNER} ${SPREADS_BANNER}` },
    plugins: [spreads],
  });
  for (const { path, contents, text } of outputFiles)
    replaceFile(path, path.endsWith('.js') ? keepConstants(text) : contents);
  const inputs = [...Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/')), ...RECIPE];
  const stamp = {
    needsDetour,
    entries: present,
    outputs: Object.keys(metafile.outputs),
    inputs: Object.fromEntries(inputs.map((path) => [path, hashOf(path)])),
  };
  for (const gone of last.outputs.filter((path) => !stamp.outputs.includes(path)))
    rmSync(fromRoot(gone), { force: true });
  replaceFile(STAMP, JSON.stringify(stamp));
  return `built ${present.length} entry points in ${Math.round(performance.now() - startedMs)} ms${absent}`;
}
