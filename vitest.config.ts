/** Two kinds of tests: deterministic ones beside the source, what once failed first, and real ones with processes and sockets, one at a time after them. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const real = '**/*.real.test.ts';
const outside = ['**/node_modules/**', 'dist/**', '.cache/**', '.data/**'];

/** Runs that once failed come before everything else, however long they take. */
class BankFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isBank = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('scenarios/bank/bank.test.ts');
    return [...sorted.filter(isBank), ...sorted.filter((file) => !isBank(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: BankFirst },
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
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: [real],
          exclude: outside,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
