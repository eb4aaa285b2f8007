/** Where the package lies, from source and from a bundle alike: migrations and the files that threads begin with stay files of it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('Invariant: the code lies below its package.json');
    directory = parent;
  }
  return directory;
}

const root = findRoot();

export const CHECKOUT_DIRECTORY = root;
export const MIGRATIONS_DIRECTORY = join(root, 'db', 'migrations');
export const EMBEDDED_WORKER = join(root, 'db', 'client', 'embedded-worker.mjs');
export const CACHE_DIRECTORY = join(root, '.cache');
/** Built by the build step; a thread starts from a file of its own. */
export const JOB_THREAD = join(root, 'dist', 'system', 'job.worker.js');
export const TRIAL_THREAD = join(root, 'dist', 'system', 'trial.worker.js');
