/** `npm run crash -- …`: kills and restarts of real processes. */
import { launch } from './lib/launch.mjs';

await launch('scenarios/crash.ts');
