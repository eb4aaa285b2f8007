/**
 * Runs a built entry point with everything it needs made first. Building happens in a process of its own, the entry point in this
 * one: signals, exit code and death are then the entry point's own, and nothing is left behind when it is killed.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { fail, fromRoot } from './root.mjs';
import { run } from './step.mjs';

export function buildFirst() {
  const code = run('scripts/build.mjs');
  if (code !== 0) process.exit(code);
}

/** `entry` as in scripts/entries.json; it finds its arguments in `process.argv` from index 2 on, as if started directly. */
export async function launch(entry) {
  buildFirst();
  const built = fromRoot('dist', entry.replace(/\.ts$/, '.js'));
  if (!existsSync(built)) fail('start', `${entry} is not part of this build`);
  process.argv[1] = built;
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(built).href);
}
