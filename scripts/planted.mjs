/** `npm run planted -- …`: known bugs, planted one at a time, and which simulated world sees them. */
import { launch } from './lib/launch.mjs';

await launch('scenarios/planted.ts');
