/** `npm run cli -- …`: the product's command line. */
import { launch } from './lib/launch.mjs';

await launch('system/cli.ts');
