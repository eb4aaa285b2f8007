/** `npm start`: installs and builds if needed, then is the product. */
import { launch } from './lib/launch.mjs';

await launch('main.ts');
