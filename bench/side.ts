/** One measurement in a fresh process: `side <name> <figure>` prints the value as one line of JSON. */
import type { FigureName, Side } from './measure.ts';
import { ours } from './ours/ours.ts';
import { comedy } from './peers/comedy.ts';
import { hand, sum } from './peers/hand.ts';
import { hono } from './peers/hono.ts';
import { nact } from './peers/nact.ts';
import { rows } from './peers/rows.ts';
import { xstate } from './peers/xstate.ts';

const SIDES: Readonly<Record<string, Side>> = { ours, nact, comedy, xstate, hand, sum, hono, rows };

const [name = '', figure = ''] = process.argv.slice(2);
const side = SIDES[name];
if (!side) throw new Error(`no side ${name}; there are ${Object.keys(SIDES).join(', ')}`);
const measure = side[figure as FigureName];
const value = measure ? await measure() : null;
// JSON would spell it as null, which says that there is no such side.
if (value !== null && !Number.isFinite(value)) throw new Error(`Invariant: ${figure} of ${name} is ${value}`);
console.log(JSON.stringify({ value }));
// Peers may leave timers of their own behind; the value is out.
process.exit(0);
