/**
 * `npm test [-- paths and vitest options]`: installs and builds if needed (real tests start the built product), then runs the
 * tests. Prints nothing after the last line of the reporter.
 */
import { buildFirst } from './lib/launch.mjs';
import { run } from './lib/step.mjs';

buildFirst();
process.exit(run('bin:vitest', ['run', ...process.argv.slice(2)]));
