/** Hunts one planted bug: builds the hunter with it, runs seeds in a process of its own, and says what caught it. */
import { execFile } from 'node:child_process';
import type { Catch } from './hunt.ts';
import type { Mutation } from './mutation.ts';
import { buildHunter } from './plant.ts';

export interface Hunt {
  readonly from: number;
  readonly seeds: number;
  readonly minutes: number;
  /** How many runs may be spent on making the failure small; 0: none. */
  readonly shrinkRuns: number;
}

const OUTPUT_MAX_BYTES = 1_000_000;

/** Rejects when the hunter itself dies. */
export const hunt = (
  root: string,
  mutation: Mutation | undefined,
  { from, seeds, minutes, shrinkRuns }: Hunt,
): Promise<Catch> => ask(root, mutation, [from, seeds, minutes, shrinkRuns].map(String));

/** The same with a world of the bank. */
export const huntBanked = (root: string, mutation: Mutation, name: string): Promise<Catch> =>
  ask(root, mutation, [name]);

async function ask(root: string, mutation: Mutation | undefined, asked: readonly string[]): Promise<Catch> {
  const args = [await buildHunter(root, mutation), ...asked];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: OUTPUT_MAX_BYTES }, (error, stdout) => {
      if (error) reject(new Error(`the hunt for ${mutation?.name ?? 'nothing'} died: ${error.message}`));
      else resolve(JSON.parse(stdout) as Catch);
    });
  });
}
