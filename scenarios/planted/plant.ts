/**
 * Builds the hunter with one planted bug in it, in memory and below .cache/ only: a shipped bundle never passes through here. Throws
 * by the bug's name when a place to plant it in is not there exactly once.
 */
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { SPREADS_BANNER, spreads } from '../../scripts/lib/spreads.mjs';
import type { Edit, Mutation } from './mutation.ts';

const HUNTER = 'scenarios/planted/hunt.ts';
/** Found at run time beside the checkout: it brings WebAssembly. */
const EXTERNAL = ['@electric-sql/pglite'];
const BANNER =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/** The source with the bug in it. */
export function planted(source: string, { find, replace }: Edit, name: string): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`planted bug ${name}: its place was found ${times} times instead of once`);
  return source.replace(find, () => replace);
}

export const editsOf = ({ file, find, replace, also = [] }: Mutation): readonly Edit[] => [
  { file, find, replace },
  ...also,
];

function plugin(mutation: Mutation, root: string, used: Set<Edit>): Plugin {
  return {
    name: 'planted-bug',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(root, path);
        const edits = editsOf(mutation).filter((edit) => edit.file === file);
        if (edits.length === 0) return undefined;
        let contents = await readFile(path, 'utf8');
        for (const edit of edits) {
          contents = planted(contents, edit, mutation.name);
          used.add(edit);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** Path of the built hunter; `mutation` undefined: the product as it is. */
export async function buildHunter(root: string, mutation: Mutation | undefined): Promise<string> {
  const { build } = await import('esbuild');
  const directory = join(root, '.cache', 'planted');
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, `${mutation?.name ?? 'as-it-is'}.mjs`);
  const used = new Set<Edit>();
  await build({
    absWorkingDir: root,
    entryPoints: [HUNTER],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
    external: EXTERNAL,
    banner: { js: `${BANNER} ${SPREADS_BANNER}` },
    plugins: [...(mutation ? [plugin(mutation, root, used)] : []), spreads],
  });
  if (mutation && used.size !== editsOf(mutation).length)
    throw new Error(`planted bug ${mutation.name}: a file of it is no part of the product`);
  return outfile;
}
