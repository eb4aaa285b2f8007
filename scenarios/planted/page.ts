/** docs/PLANTED-BUGS.md: which planted bug was caught by what, misses included. Written by `npm run planted -- --write`. */
import { checkerIn } from './checker-in.ts';
import type { Catch } from './hunt.ts';
import type { Mutation } from './mutation.ts';

export interface Hunted {
  readonly mutation: Mutation;
  readonly caught: Catch;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function row({ mutation, caught }: Hunted): string {
  const { name, file, why, masked } = mutation;
  const by = [...new Set(caught.failures.map(checkerIn))].map(cell).join('; ');
  const known = caught.banked === undefined ? caught.seed : `${caught.seed} of the [bank](SEEDS.md)`;
  const seed = known ?? `**missed** in ${caught.seeds}`;
  const seenBy = by || (masked === undefined ? '-' : `nobody can: ${cell(masked)}`);
  return `| \`${name}\` | ${file} | ${cell(why)} | ${seed} | ${seenBy} |`;
}

interface Row {
  readonly name: string;
  /** Undefined: missed. */
  readonly seed: string | undefined;
  /** Who saw it, as the page says it. */
  readonly by: string;
}

/** What a rendered page says, to be tried again. */
export function rowsIn(page: string): { readonly minutes: number; readonly rows: readonly Row[] } {
  const rows = page.split('\n').flatMap((line): Row[] => {
    const [, name, , , seed = '', by = ''] = line.split(/(?<!\\)\|/).map((text) => text.trim());
    const planted = /^`(.+)`$/.exec(name ?? '')?.[1];
    const caughtAt = /^\d+$/.test(seed) ? seed : undefined;
    return planted === undefined ? [] : [{ name: planted, seed: caughtAt, by: by.replaceAll('\\|', '|') }];
  });
  return { minutes: Number(/worlds of (\d+) virtual minutes/.exec(page)?.[1]), rows };
}

/** `at`: when it was run, as it stands in the page. */
export function renderPage(hunted: readonly Hunted[], at: string, minutes: number): string {
  const found = hunted.filter(({ caught }) => caught.seed !== undefined).length;
  return `# Planted bugs

A check that never fails proves nothing. \`npm run planted\` builds the product with one bug in it after the other, runs simulated worlds
with faults from seed 1 on until a promise of \`scenarios/checkers/\` is seen broken, and tells the first seed and who saw it. The bugs are
data below \`scenarios/planted/\`; none of them is ever part of a shipped bundle. All worlds are simulated.

Run of ${at}: ${found} of ${hunted.length} caught, worlds of ${minutes} virtual minutes and the healing after them.

| bug | planted in | what it breaks | first seed | seen by |
| --- | --- | --- | --- | --- |
${hunted.map(row).join('\n')}

Repeat one: \`npm run planted -- --only NAME --from SEED --seeds 1\`.
`;
}
