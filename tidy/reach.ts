/** Nothing lies about unused: every source file is an entry point or is imported by more than the test beside it. */
import { isTestFile, type Rule, readText, roomOf } from './source.ts';

export const ENTRY_POINTS: readonly string[] = JSON.parse(readText('scripts/entries.json'));
/** Started by tools: configuration, and what scripts/docs.mjs renders. */
const TOOL_FILES = ['vitest.config.ts', 'drizzle.config.ts', 'system/describe-settings.ts', 'controls/describe.ts'];

const namesake = (path: string): string => path.replace(/(\.real)?\.test\.ts$/, '.ts');

/** Scenarios are read by the commands and tests that run a folder of them. */
const isReadAsFile = (path: string): boolean => path.endsWith('.scenario.ts');

export const deadFiles: Rule = (sources) => {
  const used = new Set([...ENTRY_POINTS, ...TOOL_FILES]);
  for (const { path, imports } of sources) {
    for (const { target } of imports) {
      if (target !== undefined && target !== namesake(path)) used.add(target);
    }
  }
  return sources
    .filter(({ path }) => !isTestFile(path) && roomOf(path) !== 'tidy' && !used.has(path) && !isReadAsFile(path))
    .map(({ path }) => `nobody needs ${path}`);
};

export const missingEntryPoints: Rule = (sources) => {
  const present = new Set(sources.map(({ path }) => path));
  return ENTRY_POINTS.filter((entry) => !present.has(entry)).map((entry) => `entry point ${entry} does not exist`);
};
