/** `npm run shrink -- …`: the smallest part of a drawn world that still breaks its promise. */
import { launch } from './lib/launch.mjs';

await launch('scenarios/shrink.ts');
