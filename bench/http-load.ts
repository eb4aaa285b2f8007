/** The load generator's own process: options as JSON in the first argument, one line of JSON with the result. */
import { type LoadOptions, load } from './load.ts';

const options = JSON.parse(process.argv[2] ?? 'null') as LoadOptions | null;
if (!options) throw new Error('usage: http-load \'{"url","token","userId","kind","connections","traders","seconds"}\'');
console.log(JSON.stringify(await load(options)));
