/** Where the checkout is, and how a script ends: with one readable line and a non-zero code. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const fromRoot = (...parts) => join(ROOT, ...parts);
/** What scripts remember between runs; never committed. */
export const CACHE = fromRoot('.cache');

/** Says which step failed and ends the process. */
export function fail(step, problem) {
  process.stderr.write(`${step} failed: ${problem}\n`);
  process.exit(1);
}
