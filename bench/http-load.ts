/** The load generator's own process: options as JSON on stdin, one line of JSON with the result. */
import { type LoadOptions, load } from './load.ts';

const options = Buffer.concat(await process.stdin.toArray()).toString('utf8');
console.log(JSON.stringify(await load(JSON.parse(options) as LoadOptions)));
