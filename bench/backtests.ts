/**
 * What backtests are measured on: the real day of NQ trades, day after day, and its minutes; and the backtesters that run the same cross
 * of averages. A reference that can't be installed is left out by name, the others stay.
 */
import { join } from 'node:path';
import type { BarColumns, TickColumns } from '../market/columns.ts';
import { hasSamples, minutesOf, nqTicks, tiledBars } from '../runs/testing/series.ts';
import type { Stage } from './figures.ts';
import { bestRateOf, hasPeer, installPeer, PLACE, runPeer } from './harness.ts';

/** 10,024,865 ticks, 999,812 minutes. */
export const TICK_DAYS = 47;
export const BAR_DAYS = 733;
/** The engine's compiler settles after four to six repetitions where it has a core, later where it waits for one. */
export const WARM_REPETITIONS = 40;

export const manyTicks = (): TickColumns => nqTicks(TICK_DAYS);
export const manyBars = (): BarColumns => tiledBars(minutesOf(nqTicks()), BAR_DAYS);

export const openSamples = async (): Promise<Stage | undefined> => (hasSamples ? {} : undefined);

interface Backtester {
  readonly peer: string;
  readonly installed: string;
  readonly program: (folder: string) => string;
  readonly script: string;
  readonly repetitions: number;
}

const BACKTESTERS: Readonly<Record<string, Backtester>> = {
  vectorbt: {
    peer: 'vectorbt',
    installed: join('.venv', 'bin', 'python'),
    program: (folder) => join(folder, '.venv', 'bin', 'python'),
    script: 'vectorbt/peer.py',
    repetitions: 8,
  },
  grademark: {
    peer: 'grademark',
    installed: join('node_modules', 'grademark', 'package.json'),
    program: () => process.execPath,
    script: 'grademark/peer.mjs',
    repetitions: 2,
  },
};

/** Bars a second of each backtester that is there. */
export async function openBacktesters(): Promise<Stage | undefined> {
  if (!hasSamples) return undefined;
  const references = Object.entries(BACKTESTERS).map(([name, backtester]) => [name, measured(backtester)] as const);
  return { references: Object.fromEntries(references) };
}

function measured({ peer, installed, program, script, repetitions }: Backtester): () => number {
  let isInstalled = false;
  return () => {
    if (!hasPeer(peer)) throw new Error(`the harness of ${peer} is not on this machine`);
    if (!isInstalled) installPeer(peer, installed);
    isInstalled = true;
    const args = [script, 'sma', String(BAR_DAYS), String(repetitions)];
    return bestRateOf(runPeer(program(join(PLACE, peer)), args));
  };
}
