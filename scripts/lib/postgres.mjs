/**
 * A private PostgreSQL cluster for tests, crash runs and measurements: its own directory, a free loopback port, durable settings. It
 * ends with `stop()`, and with this process at the latest; nothing of it stays behind.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrInstall, isRoot } from './debian.mjs';
import { freePort } from './free-port.mjs';

const INSTALLED = '/usr/lib/postgresql';
const USER = 'postgres';

function findBinaries() {
  if (!existsSync(INSTALLED)) return undefined;
  const versions = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(INSTALLED, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** The directory of initdb, postgres and pgbench; installs the distribution's package where that is possible. */
export function postgresBinaries() {
  const installed = findOrInstall('postgresql', findBinaries);
  if (!installed) throw new Error(`no PostgreSQL below ${INSTALLED}: install the package postgresql`);
  return installed;
}

/** PostgreSQL refuses to run as root. */
function ensureServerUser() {
  if (isRoot && spawnSync('id', [USER], { stdio: 'ignore' }).status !== 0) execFileSync('useradd', ['--system', USER]);
}

const asServerUser = (program, args) =>
  isRoot ? ['setpriv', [`--reuid=${USER}`, `--regid=${USER}`, '--init-groups', program, ...args]] : [program, args];

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '60',
  log_min_messages: 'fatal',
};

/** Starts a cluster. `halt('immediate')` is a crash of the server, `resume()` its return. */
export async function startPostgres(settings = {}) {
  const bin = postgresBinaries();
  ensureServerUser();
  const home = mkdtempSync(join(tmpdir(), 'pitwall-postgres-'));
  const data = join(home, 'data');
  const run = (program, args) => {
    const [command, all] = asServerUser(join(bin, program), args);
    execFileSync(command, all, { stdio: ['ignore', 'ignore', 'pipe'], cwd: home });
  };
  if (isRoot) execFileSync('chown', [USER, home]);
  chmodSync(home, 0o700);
  run('initdb', ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
  const port = await freePort();
  const options = Object.entries({ ...SETTINGS, port, ...settings }).map(([name, value]) => `-c ${name}='${value}'`);
  const start = () => run('pg_ctl', ['-D', data, '-w', '-l', join(home, 'log'), '-o', options.join(' '), 'start']);
  const halt = (mode) => run('pg_ctl', ['-D', data, '-w', '-m', mode, 'stop']);
  let running = false;
  const stop = () => {
    process.off('exit', stop);
    if (running) halt('immediate');
    running = false;
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', stop);
  start();
  running = true;
  return {
    bin,
    port,
    url: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    stop,
    halt(mode = 'fast') {
      halt(mode);
      running = false;
    },
    resume() {
      start();
      running = true;
    },
  };
}
