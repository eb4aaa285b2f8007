/**
 * Makes sure that what package-lock.json names is installed, so that a fresh clone needs no other command. Uses only Node's own
 * modules. Never installs when every locked package is present in its locked version.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fail, fromRoot } from './root.mjs';
import { run } from './step.mjs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Packages that are missing or of another version; optional ones depend on the platform and don't count. */
export function outdatedPackages(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && !entry.link)
    .filter(([path, entry]) => installed.packages[path]?.version !== entry.version)
    .map(([path]) => path);
}

function missingPackages() {
  const record = fromRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'nothing is installed yet';
  const outdated = outdatedPackages(readJson(fromRoot('package-lock.json')), readJson(record));
  if (outdated.length === 0) return undefined;
  return `${outdated.length} package(s) differ from package-lock.json, among them ${outdated[0]}`;
}

export function ensureInstalled() {
  const reason = missingPackages();
  if (reason === undefined) return;
  process.stderr.write(`installing dependencies: ${reason}\n`);
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which not every registry serves. With
  // `--no-save` the locked versions are installed and the lock file stays as it is.
  const args = ['install', '--no-save'];
  const npm = process.env.npm_execpath;
  const code = npm?.endsWith('.js') ? run(npm, args) : run('npm', args);
  if (code !== 0) fail('npm install', `exit code ${code}; see its messages above`);
  const outdated = missingPackages();
  if (outdated) fail('npm install', `afterwards ${outdated}`);
}
