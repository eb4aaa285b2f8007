/**
 * `npm run shrink`: takes a seed that breaks a promise and leaves out steps and faults until nothing more can be left out; or runs just
 * the part that an earlier shrinking has left. Exit code 1 while something is broken, 0 when nothing is.
 */
import { Command } from 'commander';
import { EXIT } from '../system/cli/outcome.ts';
import { endWithReader } from '../system/cli/reader.ts';
import { wholeNumber } from '../system/cli/whole-number.ts';
import { drawScript } from './people/draw-script.ts';
import { partOf } from './shrink/part.ts';
import { partOptions, placesFrom, shrunkLines, wordsIn } from './shrink/told.ts';
import { failuresOf, smallWorld } from './shrink/world.ts';

interface Options {
  readonly seed: string;
  readonly minutes: number;
  readonly runs: number;
  readonly keep?: readonly number[];
  readonly with: readonly string[];
}

const program = new Command('shrink')
  .description('Makes a failing drawn world small, or runs a part of one again. All data is simulated.')
  .requiredOption('--seed <seed>', 'the seed of the world')
  .option('--minutes <n>', 'how long its crowd stays, in virtual minutes', wholeNumber(1), 10)
  .option('--runs <n>', 'how many worlds may be run', wholeNumber(1), 500)
  .option('--keep <places>', 'run only these steps, such as 3,17; - for none', placesFrom(0))
  .option('--with <kinds>', 'with --keep: only these faults, such as venue.dropRatio; - for none', wordsIn, [])
  .addHelpText('after', '\nExamples:\n  npm run shrink -- --seed 42 --minutes 6\n');

program.parse();
// Not everything was told, so that nobody may take it for held.
endWithReader(process.stdout, EXIT.failed);
const options = program.opts<Options>();
const { seed, minutes, runs: runsMax, keep } = options;
const script = drawScript(seed, minutes * 60_000, true);

async function again(steps: readonly number[]): Promise<readonly string[]> {
  const failures = await failuresOf(seed, partOf(script, { steps, faults: options.with }));
  return failures.length === 0 ? ['nothing is broken'] : failures.map((failure) => `breaks ${failure}`);
}

async function smaller(): Promise<readonly string[]> {
  const shrunk = await smallWorld(seed, script, await failuresOf(seed, script), runsMax);
  if (!shrunk) return ['nothing is broken'];
  return shrunkLines(
    shrunk,
    shrunk.left,
    `npm run shrink -- --seed ${seed} --minutes ${minutes} ${partOptions(shrunk.part)}`,
  );
}

process.stdout.write(`seed ${seed}, ${minutes} virtual minutes, ${script.steps.length} steps\n`);
const lines = await (keep ? again(keep) : smaller());
process.stdout.write(`${lines.join('\n')}\n`);
process.exit(lines.includes('nothing is broken') ? 0 : 1);
