/** The script of a scenario and what it expects: whom and what they name is there, and each field is one that its message has. */
import { brokenPromises } from '../run/broken.ts';
import { answerTo, callOf } from './answers.ts';
import type { Check, Meaning, Names } from './check.ts';
import { accountsOf, checkLimits } from './check-world.ts';
import { schemaOf } from './events.ts';
import type { Expectation } from './expect-part.ts';
import type { Path } from './problems.ts';
import type { Scenario } from './schema.ts';
import type { EventWanted, Step } from './script-part.ts';

/** In a step there is also the moment, and in one on an event its message. */
function namesIn({ on }: Step, names: Names): Names {
  const known = new Map<string, Meaning>(names).set('now', 'anything');
  return on ? known.set('event', [schemaOf(on.event)]) : known;
}

function checkStep(check: Check, path: Path, step: Step, names: Names): void {
  const { on, by, as, stop, release, shock, outside, limits, has } = step;
  const { call, body, form, headers, key, request } = step;
  const { people, traders, kept } = check.declared;
  check.moment(path, step.at);
  check.known([...path, 'by'], 'person of this world', by, people);
  if (on) checkEvent(check, [...path, 'on'], on, names);
  check.known([...path, 'stop', 'trader'], 'trader of this world', stop?.trader, traders);
  check.known([...path, 'outside', 'trader'], 'trader of this world', outside?.trader, traders);
  if (outside) check.instrument([...path, 'outside'], outside.instrument);
  check.known([...path, 'release'], 'name that a step keeps with "as"', release, kept);
  if (as !== undefined && traders.includes(as)) check.tell([...path, 'as'], 'has the name of a trader');
  if (shock) check.instrument([...path, 'shock'], shock.instrument);
  if (limits) checkLimits(check, [...path, 'limits'], limits, traders);
  const asked = callOf(step);
  if (has && asked !== undefined) check.answered([...path, 'has'], asked, answerTo(asked, step.status), has);
  const { listen, say } = step;
  check.references(path, { call, listen, say, body, form, has, headers, key, request }, namesIn(step, names));
}

function checkEvent(check: Check, path: Path, { event, where }: EventWanted, names: Names): void {
  check.fields([...path, 'where'], event, where);
  check.references([...path, 'where'], where, names);
}

export function checkScript(check: Check, { script }: Scenario, names: Names): void {
  for (const [index, step] of script.entries()) checkStep(check, ['script', index], step, names);
}

function checkFields(check: Check, path: Path, expectation: Expectation, names: Names): void {
  const { event, never, eventually, after, sequence = [], where, same } = expectation;
  const [single] = [event, never, eventually].filter((type) => type !== undefined);
  if (single !== undefined) check.fields([...path, 'where'], single, where);
  if (after) checkEvent(check, [...path, 'after'], after, names);
  const inOrder = sequence.map((item) => (typeof item === 'string' ? { event: item, where: {} } : item));
  for (const [place, item] of inOrder.entries()) checkEvent(check, [...path, 'sequence', place], item, names);
  // What is wanted of all of them has to be a field of each.
  for (const type of new Set(inOrder.map((item) => item.event))) check.fields([...path, 'where'], type, where);
  if (same === undefined) return;
  const types = [single, after?.event, ...inOrder.map((item) => item.event)];
  for (const type of new Set(types.filter((one) => one !== undefined))) check.field([...path, 'same'], type, same);
}

function checkExpectation(check: Check, path: Path, wanted: Expectation, names: Names): void {
  const { people, traders } = check.declared;
  check.window(path, wanted);
  check.moment(path, wanted.at);
  check.known([...path, 'by'], 'person of this world', wanted.by, people);
  check.known([...path, 'trader'], 'trader of this world', wanted.trader, traders);
  check.known([...path, 'account'], 'account of this world', wanted.account, accountsOf(check));
  check.known([...path, 'broken'], 'promise of a checker', wanted.broken, brokenPromises());
  if (wanted.figure) check.instrument(path, wanted.instrument);
  checkFields(check, path, wanted, names);
  const { state, alike, has, where } = wanted;
  if (state !== undefined) check.answered([...path, 'has'], state, answerTo(state, wanted.status), has);
  check.references(path, { state, alike, has, where }, names);
}

export function checkExpectations(check: Check, { expect }: Scenario, names: Names): void {
  for (const [index, wanted] of expect.entries()) checkExpectation(check, ['expect', index], wanted, names);
}
