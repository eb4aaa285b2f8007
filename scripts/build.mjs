/** `npm run build`: installs if needed, bundles into dist/. */
import { bundle } from './lib/bundle.mjs';
import { ensureInstalled } from './lib/ensure.mjs';
import { fail } from './lib/root.mjs';

ensureInstalled();
const outcome = await bundle().catch((error) => fail('build', error.message));
process.stderr.write(`${outcome}\n`);
