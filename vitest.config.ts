/** Two kinds of tests: deterministic ones beside the source, what once failed first, and real ones with processes and sockets after them. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { beginWithNothing, needsDetour } from './scripts/lib/spreads.mjs';

const real = '**/*.real.test.ts';
const outside = ['**/node_modules/**', 'dist/**', '.cache/**', '.data/**'];

/** Runs that once failed come before everything else; then what takes longest, so that no worker is left alone with it at the end. */
const FIRST = [
  'scenarios/bank/bank.test.ts',
  'scenarios/many-worlds.test.ts',
  'scenarios/supervision.test.ts',
  'scenarios/crash.real.test.ts',
  'system/jobs.real.test.ts',
  'scenarios/scenario.real.test.ts',
  'system/replay.real.test.ts',
  'scenarios/planted/planted.real.test.ts',
  'system/runs.real.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = FIRST.findIndex((path) => moduleId.endsWith(path));
      return found < 0 ? FIRST.length : found;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Simulated worlds take a third longer without it, as in what is built. */
const spreads = {
  name: 'spreads',
  enforce: 'pre' as const,
  transform: (program: string, path: string): Promise<string> | undefined =>
    needsDetour && /\.(ts|mjs)$/.test(path) ? beginWithNothing(path, program) : undefined,
};

export default defineConfig({
  plugins: [spreads],
  test: {
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './scripts/reporter.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts', 'scripts/**/*.test.mjs'],
          exclude: [...outside, real],
          // Files share the modules of their worker: to load them anew for each took longer than most files run.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: [real],
          exclude: outside,
          // Patience, not a promise: what shares two cores with another file's processes takes as long as it takes.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
