/**
 * A tick file of 300 MB: the real day of NQ trades repeated day after day, as NinjaTrader writes it, and the same rows as a CSV file that
 * `psql \copy` takes. Made once and kept below `.cache/bench/`; without the real data beside the checkout there is none.
 */
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';

export const TICK_FILE_BYTES = 300_000_000;
const REAL = join(process.cwd(), '..', 'shared', 'data', 'NQH0_ticks_2019-12-16.csv.gz');
const FOLDER = join(process.cwd(), '.cache', 'bench');
const DAY_MS = 86_400_000;
/** The real day is a session that begins on the evening before. */
const STEP_DAYS = 2;
/** What the real file doesn't have: the ask lies a tick above the trade. */
const SPREAD = 0.25;

export interface TickFiles {
  readonly ninjatrader: string;
  readonly csv: string;
  readonly bytes: number;
}

export async function tickFiles(): Promise<TickFiles | undefined> {
  if (!existsSync(REAL)) return undefined;
  const ninjatrader = join(FOLDER, 'NQ-300mb.Last.txt');
  const csv = join(FOLDER, 'NQ-300mb.csv');
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(ninjatrader)) await write(ninjatrader, ninjatraderLines());
  if (!existsSync(csv)) await write(csv, csvLines(ninjatrader));
  return { ninjatrader, csv, bytes: statSync(ninjatrader).size };
}

/** There whole or not at all. */
async function write(path: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const draft = `${path}.draft`;
  await pipeline(lines, createWriteStream(draft));
  renameSync(draft, path);
}

function* ninjatraderLines(): Generator<string, void> {
  const [, ...rows] = gunzipSync(readFileSync(REAL)).toString('latin1').trimEnd().split('\n');
  const day = rows.map((row) => {
    const [at = '', price = '', volume = ''] = row.split(',');
    const clock = `${at.slice(11, 13)}${at.slice(14, 16)}${at.slice(17, 19)} ${at.slice(20, 23)}0000`;
    const rest = ` ${clock};${price};${price};${Number(price) + SPREAD};${volume}\r\n`;
    return [Date.parse(`${at.slice(0, 10)}T00:00:00Z`), rest] as const;
  });
  let bytes = 0;
  for (let round = 0; ; round += 1) {
    for (const [midnightMs, rest] of day) {
      const date = new Date(midnightMs + round * STEP_DAYS * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
      const line = date + rest;
      if (bytes + line.length > TICK_FILE_BYTES) return;
      bytes += line.length;
      yield line;
    }
  }
}

async function* csvLines(ninjatrader: string): AsyncGenerator<string, void> {
  for await (const line of createInterface({ input: createReadStream(ninjatrader) })) {
    const [at = '', ...rest] = line.split(';');
    const date = `${at.slice(0, 4)}-${at.slice(4, 6)}-${at.slice(6, 8)}`;
    const clock = `${at.slice(9, 11)}:${at.slice(11, 13)}:${at.slice(13, 15)}.${at.slice(16, 22)}`;
    yield `${date} ${clock}+00,${rest.join()}\n`;
  }
}
