/** Two kinds of tests: deterministic ones beside the source, and real ones with processes and sockets, which run one at a time after them. */
import { defineConfig } from 'vitest/config';

const real = '**/*.real.test.ts';
const outside = ['**/node_modules/**', 'dist/**', '.cache/**', '.data/**'];

export default defineConfig({
  test: {
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
