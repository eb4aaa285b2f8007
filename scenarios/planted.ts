/**
 * `npm run planted`: plants each known bug in a build of its own and tells the first seed that catches it, and by which checker. Exit
 * code 1 when one stays unseen that could be seen.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { CHECKOUT_DIRECTORY } from '../db/client/package-root.ts';
import { liveClock } from '../runtime/live/clock.ts';
import { EXIT } from '../system/cli/outcome.ts';
import { endWithReader } from '../system/cli/reader.ts';
import { wholeNumber } from '../system/cli/whole-number.ts';
import { bank, readBank } from './bank/bank.ts';
import { written } from './bank/entry.ts';
import { checkerIn } from './planted/checker-in.ts';
import type { Catch } from './planted/hunt.ts';
import { hunt, huntBanked } from './planted/hunting.ts';
import type { Mutation } from './planted/mutation.ts';
import { MUTATIONS } from './planted/mutations.ts';
import { type Hunted, renderPage } from './planted/page.ts';
import { shrunkLines } from './shrink/told.ts';
import type { SmallWorld } from './shrink/world.ts';

interface Options {
  readonly only?: string;
  readonly seeds: number;
  readonly from: number;
  readonly minutes: number;
  readonly jobs: number;
  readonly shrink: number;
  readonly write: boolean;
  readonly bank: boolean;
}

const program = new Command('planted')
  .description('Plants known bugs one at a time and tells the first simulated world that catches each.')
  .option('--only <name>', 'one bug by its name')
  .option('--seeds <n>', 'how many seeds a bug has to be caught in', wholeNumber(1), 2_000)
  .option('--from <seed>', 'the first seed', wholeNumber(1), 1)
  .option('--minutes <n>', 'how long the crowd stays, in virtual minutes', wholeNumber(1), 3)
  .option('--jobs <n>', 'hunts at the same time', wholeNumber(1), 2)
  .option('--shrink <runs>', 'make the failure small, in at most so many runs', wholeNumber(0), 0)
  .option('--write', 'write docs/PLANTED-BUGS.md', false)
  .option('--bank', 'with --shrink: keep each small world in scenarios/seeds/, where it has to show its bug', false)
  .addHelpText(
    'after',
    '\nExamples:\n  npm run planted -- --write\n  npm run planted -- --only quota-off-by-one --seeds 100\n',
  );

program.parse();
// Not everything was told, so that nobody may take it for held.
endWithReader(process.stdout, EXIT.failed);
const options = program.opts<Options>();
const { only } = options;
const chosen = MUTATIONS.filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0)
  program.error(`there is no planted bug ${only}; there are ${MUTATIONS.map(({ name }) => name).join(', ')}`);

const hunted = new Map<Mutation, Hunted>();
const waiting = [...chosen];

function keep({ name, why }: Mutation, seed: string, { script }: SmallWorld): string {
  return bank(`${name}-${seed}`, { kind: 'drawn', found: why, seed, planted: name, script: written(script) });
}

/** What drawn seeds no longer meet may have been met before. */
async function inTheBank(mutation: Mutation): Promise<Catch | undefined> {
  for (const { name, entry } of readBank()) {
    if (entry.kind !== 'drawn' || entry.planted !== mutation.name) continue;
    const caught = await huntBanked(CHECKOUT_DIRECTORY, mutation, name);
    if (caught.seed !== undefined) return { ...caught, banked: name };
  }
  return undefined;
}

async function work(): Promise<void> {
  for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
    const drawn = await hunt(CHECKOUT_DIRECTORY, mutation, { ...options, shrinkRuns: options.shrink });
    const caught = drawn.seed === undefined ? ((await inTheBank(mutation)) ?? drawn) : drawn;
    hunted.set(mutation, { mutation, caught });
    const by = [...new Set(caught.failures.map(checkerIn))].join('; ');
    const outcome =
      caught.seed === undefined
        ? `MISSED in ${caught.seeds} seeds`
        : `seed ${caught.seed}${caught.banked === undefined ? '' : ' of the bank'}: ${by}`;
    process.stdout.write(`${mutation.name}: ${outcome}\n`);
    if (!caught.shrunk) continue;
    const again = `npm run planted -- --only ${mutation.name} --from ${caught.seed} --seeds 1 --minutes ${options.minutes} --shrink ${options.shrink}`;
    process.stdout.write(`${shrunkLines(caught.shrunk, caught.shrunk.left, again).join('\n')}\n`);
    if (options.bank) process.stdout.write(`  ${keep(mutation, caught.seed!, caught.shrunk)}\n`);
  }
}

await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, work));
const inOrder = chosen.flatMap((mutation) => hunted.get(mutation) ?? []);
const unseen = inOrder.filter(({ caught }) => caught.seed === undefined);
process.stdout.write(`${inOrder.length - unseen.length} of ${inOrder.length} planted bugs were caught\n`);
if (options.write) {
  const day = new Date(liveClock().wallNow()).toISOString().slice(0, 10);
  writeFileSync(join(CHECKOUT_DIRECTORY, 'docs', 'PLANTED-BUGS.md'), renderPage(inOrder, day, options.minutes));
}
process.exit(unseen.every(({ mutation }) => mutation.masked !== undefined) ? 0 : 1);
