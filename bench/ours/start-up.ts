/** Milliseconds from the start of the process to the line that it listens: requests are then served from recovered state. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure } from '../measure.ts';
import { type ProductPlace, startProduct } from '../product.ts';

async function started(place: ProductPlace): Promise<number> {
  const product = await startProduct({}, place);
  await product.stop();
  return product.startMs;
}

/** A copy without `.cache`: no template of an embedded database has been made there yet, as behind a fresh clone and build. */
export const freshStartUp: Measure = async () => {
  const root = mkdtempSync(join(tmpdir(), 'pitwall-fresh-'));
  try {
    const built = join(root, 'dist');
    mkdirSync(built);
    cpSync(join('dist', 'main.js'), join(built, 'main.js'));
    cpSync('package.json', join(root, 'package.json'));
    cpSync('db', join(root, 'db'), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
    return await started({ built });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

/** An empty data directory on a machine where the product has run before. */
export const emptyStartUp: Measure = () => started({});

export const historyStartUp: Measure = () => {
  const dataDirectory = process.env.BENCH_HISTORY;
  if (!dataDirectory) throw new Error('BENCH_HISTORY names no data directory');
  return started({ dataDirectory });
};
