/** How a set of seeds covered the rare situations, as lines for a person. */
import { OUT_OF_REACH } from './situations.ts';
import { neverReached, type Sometimes } from './sometimes.ts';

export function coverageLines(counts: Sometimes): readonly string[] {
  const never = neverReached(counts);
  const names = Object.keys(counts);
  const reached = names.filter((name) => (counts[name] ?? 0) > 0).map((name) => `${name} ${counts[name]}`);
  return [
    `rare situations reached: ${reached.length} of ${names.length}`,
    ...reached.map((line) => `  ${line}`),
    ...never.map((name) => `  NEVER ${name}`),
    ...Object.entries(OUT_OF_REACH).map(([name, why]) => `  out of reach: ${name} (${why})`),
  ];
}
