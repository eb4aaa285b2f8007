/** Runs one step as a child in our process group, output passed through. Its exit code is the answer; signals count as 1. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fromRoot, ROOT } from './root.mjs';

/** `command` is a script below the root, a tool of node_modules/.bin (`bin:vitest`), or a program of the PATH. */
export function run(command, args = [], env = {}) {
  const [program, first] = locate(command);
  const result = spawnSync(program, [...first, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (result.error) process.stderr.write(`${command}: ${result.error.message}\n`);
  return result.status ?? 1;
}

function locate(command) {
  if (command.startsWith('bin:')) return [fromRoot('node_modules', '.bin', command.slice(4)), []];
  if (/\.m?js$/.test(command)) return [process.execPath, ['--enable-source-maps', resolve(ROOT, command)]];
  return [command, []];
}
