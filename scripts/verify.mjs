/** `npm run verify`: everything a change has to pass, cheapest first. Stops at the first step that fails and names it. */
import { buildFirst } from './lib/launch.mjs';
import { fail } from './lib/root.mjs';
import { run } from './lib/step.mjs';

const STEPS = [
  ['format and lint', 'bin:biome', ['check', '.']],
  ['types', 'bin:tsc', ['--noEmit']],
  ['tests', 'bin:vitest', ['run']],
  ['simulations', 'scripts/simulate.mjs', ['--from', '1', '--seeds', '20', '--minutes', '5']],
];

buildFirst();
for (const [name, command, args] of STEPS) {
  process.stderr.write(`\n== ${name}\n`);
  const code = run(command, args);
  if (code !== 0) fail(name, `exit code ${code}`);
}
process.stderr.write(`\nverified: ${STEPS.map(([name]) => name).join(', ')}\n`);
