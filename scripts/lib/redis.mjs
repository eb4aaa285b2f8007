/**
 * A private Redis for tests and crash runs: a free loopback port, nothing on disk. It ends with `stop()`, and with this process at the
 * latest. The distribution's package is installed where that is possible.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { findOrInstall, isRoot } from './debian.mjs';
import { freePort } from './free-port.mjs';

const PROGRAM = 'redis-server';
const findRedis = () => (spawnSync(PROGRAM, ['--version'], { stdio: 'ignore' }).status === 0 ? PROGRAM : undefined);
const START_WITHIN_MS = 10_000;
const PAUSE_MS = 20;

/** Why there is no Redis on this machine, or undefined: there is one. */
export function redisMissing() {
  if (findOrInstall(PROGRAM, findRedis) !== undefined) return undefined;
  const why = isRoot ? 'the distribution gives no package of it' : 'only root may install it';
  return `redis-server is not installed, and ${why}`;
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });

/** `settings` as on the command line of redis-server: `{ 'maxmemory-policy': 'allkeys-lru' }`. */
export async function startRedis(settings = {}) {
  const missing = redisMissing();
  if (missing) throw new Error(missing);
  const port = await freePort();
  const fixed = { port, bind: '127.0.0.1', save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' };
  const args = Object.entries({ ...fixed, ...settings }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  let server;
  const start = async () => {
    server = spawn(PROGRAM, args, { stdio: 'ignore' });
    const due = performance.now() + START_WITHIN_MS;
    while (!(await answers(port))) {
      if (server.exitCode !== null || performance.now() > due) throw new Error('redis-server did not start');
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const halt = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  const onExit = () => server.kill('SIGKILL');
  process.once('exit', onExit);
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    halt,
    resume: start,
    async stop() {
      process.off('exit', onExit);
      await halt();
    },
  };
}
