/** `npm run scenario -- …`: scenario files, run in virtual time. */
import { launch } from './lib/launch.mjs';

await launch('scenarios/scenario.ts');
