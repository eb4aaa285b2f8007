/** `npm run simulate -- …`: seeded scenarios of the whole product. */
import { launch } from './lib/launch.mjs';

await launch('scenarios/simulate.ts');
