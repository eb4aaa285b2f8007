/**
 * `npm run simulate`: draws worlds from seeds, runs them with faults, checks every promise, prints one line a seed. The first seed
 * is printed first, and a failed seed with the command that repeats it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { openMemory } from '../db/memory/open.ts';
import { openEmbedded } from '../db/open.ts';
import { withoutAmbient } from './ambient.ts';
import { type DrawnResult, runDrawn } from './drawn.ts';
import { simulatedSettings } from './settings.ts';
import { coverageLines } from './sometimes/coverage.ts';
import { neverReached, type Sometimes, sum } from './sometimes/sometimes.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly minutes: number;
  readonly json: boolean;
  readonly embedded: boolean;
  readonly repeat: number;
  readonly burst: boolean;
  readonly faults: boolean;
  readonly requireSometimes: boolean;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('must be a whole number');
  return value;
}

async function run(seed: string, { minutes, faults, burst, embedded }: Options): Promise<DrawnResult> {
  const directory = embedded ? mkdtempSync(join(tmpdir(), 'pitwall-simulate-')) : undefined;
  const place = directory === undefined ? openMemory() : openEmbedded({ directory });
  try {
    return await withoutAmbient(() =>
      runDrawn({ seed, place, settings: simulatedSettings(), virtualMs: minutes * 60_000, faults, burst }),
    );
  } finally {
    await place.close();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

function show(result: DrawnResult, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(result)}\n`);
  const { seed, hash, virtualMs, records, lives, faults, failures } = result;
  const happened = Object.entries(faults).filter(([, count]) => count > 0);
  const list = happened.map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none';
  process.stdout.write(
    `seed ${seed}  ${hash.slice(0, 16)}  ${(virtualMs / 60_000).toFixed(1)} virtual min  ${records} records  ${lives} lives  faults: ${list}\n`,
  );
  for (const failure of failures) process.stdout.write(`  FAILED ${failure}\n`);
}

const program = new Command('simulate')
  .description(
    'Runs the whole product in simulated worlds drawn from seeds, and checks every promise. All data is simulated.',
  )
  .option('--seeds <n>', 'how many seeds', whole, 10)
  .option('--from <seed>', 'the first seed', whole, 1)
  .option('--minutes <n>', 'how long the crowd stays, in virtual minutes', whole, 10)
  .option('--no-faults', 'worlds in which nothing goes wrong')
  .option('--embedded', 'on the embedded database instead of its in-memory twin', false)
  .option('--repeat <n>', 'run each seed so often and compare the hashes', whole, 1)
  .option('--burst', 'sixty requests at one virtual instant instead of a crowd', false)
  .option('--require-sometimes', 'fail when a rare situation was never reached', false)
  .option('--json', 'one JSON line a seed', false)
  .addHelpText(
    'after',
    '\nExamples:\n  npm run simulate -- --seeds 100\n  npm run simulate -- --from 42 --seeds 1 --repeat 1000 --burst\n',
  );

program.parse();
const options = program.opts<Options>();
if (!options.json)
  process.stdout.write(`first seed ${options.from}, ${options.seeds} seeds, ${options.minutes} virtual minutes each\n`);
let failed = 0;
const counted: Sometimes[] = [];
for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
  const result = await run(String(seed), options);
  const failures = [...result.failures];
  counted.push(result.sometimes);
  for (let time = 1; time < options.repeat; time += 1) {
    const again = await run(String(seed), options);
    if (again.hash !== result.hash) failures.push(`run ${time + 1} gave another hash: ${again.hash}`);
  }
  show({ ...result, failures }, options.json);
  if (failures.length > 0) {
    failed += 1;
    if (!options.json)
      process.stdout.write(
        `  repeat with: npm run simulate -- --from ${seed} --seeds 1 --minutes ${options.minutes}${options.burst ? ' --burst' : ''}\n`,
      );
  }
}
if (!options.json)
  process.stdout.write(failed === 0 ? 'all promises held\n' : `${failed} of ${options.seeds} seeds broke a promise\n`);
const reached = sum(counted);
if (!options.json) process.stdout.write(`${coverageLines(reached).join('\n')}\n`);
const isTame = options.requireSometimes && neverReached(reached).length > 0;
if (isTame) process.stderr.write(`never reached: ${neverReached(reached).join(', ')}\n`);
process.exit(failed === 0 && !isTame ? 0 : 1);
