/**
 * Files of quotes that a scenario names are looked at when it is read: they are there, a gzip file is whole to its end, and their layout gives
 * quotes. So no run begins that would end in the middle of a file.
 */
import { createReadStream, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileText } from '../../market/importers/file-bytes.ts';
import { openReplay, parseReplaySpec, type ReplaySpec } from '../../market/replay.ts';
import type { Problem } from './problems.ts';
import type { Scenario } from './schema.ts';

/** The instrument stands behind a mark when the file's name does not tell it. Throws for one that nobody knows. */
export const replaySpecOf = (path: string, instrument: string | undefined): ReplaySpec =>
  parseReplaySpec(instrument === undefined ? path : `${path}#${instrument}`);

async function isGzip(path: string): Promise<boolean> {
  for await (const piece of createReadStream(path, { start: 0, end: 1 }) as AsyncIterable<Buffer>)
    return piece[0] === 0x1f && piece[1] === 0x8b;
  return false;
}

/** Only unpacking it to its end tells that nothing of a gzip file is missing. */
async function unpack(path: string): Promise<void> {
  const pieces = fileText(path);
  for (let next = await pieces.next(); !next.done; next = await pieces.next());
}

async function hasQuotes(spec: ReplaySpec): Promise<boolean> {
  const quotes = openReplay(spec).quotes(0);
  const first = await quotes.next();
  await quotes.return();
  return first.done !== true;
}

/** The reason below what replay wraps around it: the path is told already. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Undefined where the instrument is wrong, which the check of names tells. */
function knownSpec(path: string, instrument: string | undefined): ReplaySpec | undefined {
  try {
    return replaySpecOf(path, instrument);
  } catch {
    return undefined;
  }
}

async function whyNot(path: string, instrument: string | undefined): Promise<string | undefined> {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return 'is not there';
    if (!stat.isFile()) return 'is no file';
    if (await isGzip(path)) await unpack(path);
    const spec = knownSpec(path, instrument);
    return spec && !(await hasQuotes(spec)) ? 'holds no quotes' : undefined;
  } catch (error) {
    return `cannot be read: ${reasonOf(error)}`;
  }
}

/** `file`: the scenario's own; paths count from beside it. One problem a file at most, in their order. */
export async function replayFileProblems({ market }: Scenario, file: string): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [index, { file: path, instrument }] of market.replay.entries()) {
    const why = await whyNot(resolve(dirname(file), path), instrument);
    if (why !== undefined)
      problems.push({ path: ['market', 'replay', index, 'file'], message: `is "${path}", which ${why}` });
  }
  return problems;
}
