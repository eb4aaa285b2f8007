/** Packages of the distribution that tests start on loopback. Installed only where that is possible without asking: as root, with apt-get. */
import { spawnSync } from 'node:child_process';

export const isRoot = process.getuid?.() === 0;

/** Whether `find` has found something, after an installation if it had not; undefined: it can't be had here. */
export function findOrInstall(packageName, find) {
  const present = find();
  if (present !== undefined || !isRoot) return present;
  // In run level 1 a package that brings a server does not start it: tests start their own.
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } };
  spawnSync('apt-get', ['update'], quiet);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', packageName], quiet);
  return find();
}
