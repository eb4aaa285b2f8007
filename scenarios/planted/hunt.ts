/**
 * Runs seed after seed until one breaks a promise, and says which as one line of JSON; on demand the failure is made small first. Built
 * once for each planted bug, and run in a process of its own: `<from> <seeds> <minutes> <runs for shrinking>`, or `<name in the bank>`.
 */
import { readBank } from '../bank/bank.ts';
import { scriptOf } from '../bank/entry.ts';
import { drawScript } from '../people/draw-script.ts';
import { failuresOf, type SmallWorld, smallWorld } from '../shrink/world.ts';

const FAILURES_MAX = 5;

export interface Catch {
  /** The seed that caught it; undefined: none did. */
  readonly seed: string | undefined;
  readonly seeds: number;
  readonly failures: readonly string[];
  readonly shrunk?: SmallWorld | undefined;
  /** The entry of the bank that has shown it, when no drawn seed has. */
  readonly banked?: string;
}

/** Of the bank, instead of seeds that are drawn. */
async function replayed(name: string): Promise<Catch> {
  const entry = readBank().find((banked) => banked.name === name)?.entry;
  if (entry?.kind !== 'drawn') throw new Error(`the bank has no drawn world ${name}`);
  const { seed, burst = false } = entry;
  const failures = await failuresOf(seed, scriptOf(entry), { burst });
  return { seed: failures.length > 0 ? seed : undefined, seeds: 1, failures: failures.slice(0, FAILURES_MAX) };
}

async function hunt([from = 1, seeds = 1, minutes = 6, shrinkRuns = 0]: readonly number[]): Promise<Catch> {
  for (let number = from; number < from + seeds; number += 1) {
    const seed = String(number);
    const script = drawScript(seed, minutes * 60_000, true);
    const failures = await failuresOf(seed, script);
    if (failures.length === 0) continue;
    const shrunk = shrinkRuns > 0 ? await smallWorld(seed, script, failures, shrinkRuns) : undefined;
    return { seed, seeds: number - from + 1, failures: failures.slice(0, FAILURES_MAX), shrunk };
  }
  return { seed: undefined, seeds, failures: [] };
}

const [first = '', ...others] = process.argv.slice(2);
const caught = await (/^\d+$/.test(first) ? hunt([first, ...others].map(Number)) : replayed(first));
process.stdout.write(`${JSON.stringify(caught)}\n`);
process.exit(0);
