/** `npm run worker`: installs and builds if needed, then runs jobs from Redis until it is told to stop. */
import { launch } from './lib/launch.mjs';

await launch('system/worker.ts');
