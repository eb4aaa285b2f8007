/** Which commit is checked out, for the first line of a run; a dirty tree is said so. */
import { execFileSync } from 'node:child_process';
import { CHECKOUT_DIRECTORY } from '../../db/client/package-root.ts';

const TIMEOUT_MS = 5_000;

/** Undefined where there is no repository or no git. */
export function presentCommit(): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: CHECKOUT_DIRECTORY,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
    }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`;
  } catch {
    return undefined;
  }
}
