/**
 * The built product as a process of its own, for figures that go through its door; and the load generator as another one. Data lie in
 * a temporary folder that leaves with the product, unless a folder is given.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LoadOptions, LoadResult } from './load.ts';
import { startOptions } from './node-options.ts';

const BUILT = join(process.cwd(), 'dist');

export interface RunningProduct {
  readonly url: string;
  /** From the start of the process to its line that it listens. */
  readonly startMs: number;
  stop(): Promise<void>;
}

export interface ProductPlace {
  /** The folder with the built product's `main.js`. */
  readonly built?: string;
  /** Kept when the product stops. */
  readonly dataDirectory?: string;
}

export async function startProduct(
  env: Readonly<Record<string, string>> = {},
  { built = BUILT, dataDirectory }: ProductPlace = {},
): Promise<RunningProduct> {
  const folder = dataDirectory ?? mkdtempSync(join(tmpdir(), 'pitwall-bench-'));
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...startOptions(), join(built, 'main.js')], {
    env: { ...process.env, PORT: '0', DATA_DIR: folder, RATE_LIMITS: 'off', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    if (dataDirectory === undefined) rmSync(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on (http:\/\/\S+)/.exec(line)?.[1];
    if (url) return { url, startMs: performance.now() - startedMs, stop };
  }
  await stop();
  throw new Error('the product ended before it listened');
}

/** Runs the load generator in its own process. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(BUILT, 'bench', 'http-load.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(options));
  const [output, [code]] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  return JSON.parse(Buffer.concat(output).toString('utf8')) as LoadResult;
}
