/** `npm run bench -- …`: figures of ours beside others', measured in the same rounds. */
import { launch } from './lib/launch.mjs';

await launch('bench/run.ts');
