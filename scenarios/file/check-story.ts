/** The script of a scenario and what it expects: whom and what they name is there, and each field is one that its message has. */
import { accountOf } from '../../domain/account.ts';
import { brokenPromises } from '../run/broken.ts';
import { answerTo, callOf } from './answers.ts';
import type { Check, Meaning, Names } from './check.ts';
import { checkAnswered, checkSame, checkWhere } from './check-fields.ts';
import { checkLimits } from './check-world.ts';
import { accountsOf } from './declared.ts';
import { doorNear, doorOf, LISTEN, parametersOf, strangeIn } from './doors.ts';
import { schemaOf } from './events.ts';
import type { Expectation } from './expect-part.ts';
import { durationText, given } from './fields.ts';
import { type Path, suggestion } from './problems.ts';
import type { Scenario } from './schema.ts';
import type { EventWanted, Step } from './script-part.ts';

/** In a step there is also the moment, and in one on an event its message. */
function namesIn({ on }: Step, names: Names): Names {
  const known = new Map<string, Meaning>(names).set('now', 'anything');
  return on ? known.set('event', [schemaOf(on.event)]) : known;
}

/** Whatever is asked for is there, or its absence is meant. */
function checkDoor(check: Check, path: Path, call: string, nowhere: true | undefined): void {
  const isThere = doorOf(call) !== undefined;
  if (isThere && nowhere) check.tell([...path.slice(0, -1), 'nowhere'], `is not so: the product answers ${call}`);
  const { traders, kept } = check.declared;
  const named = parametersOf(call).find((part) => traders.includes(part) || kept.includes(part));
  if (named !== undefined)
    check.tell(path, `has "${named}" where an id belongs: what the file calls so is written \${${named}.id}`);
  const strange = strangeIn(call);
  if (strange)
    check.tell(path, `asks with "${strange.name}", which is passed over: ${suggestion(strange.name, strange.known)}`);
  if (isThere || nowhere) return;
  const written = call.replace(`${LISTEN} `, '');
  // One of several readings that are compared is never meant to be nothing.
  const hint = typeof path.at(-1) === 'number' ? '' : ' ("nowhere: true" says that it is meant so)';
  check.tell(path, `is "${written}", which the product does not have: ${doorNear(call)}${hint}`);
}

/** Of this world; that of a trader is named by its trader. */
function checkAccount(check: Check, path: Path, account: string | undefined): void {
  const { traders } = check.declared;
  const trader = traders.find((name) => account === name || account === accountOf(name));
  if (trader === undefined)
    check.known(path, 'account of this world', account, accountsOf(check.declared, check.scenario));
  else check.tell(path, `is "${account}": the account of a trader is named by "trader: ${trader}"`);
}

/** What lasts ends within the run, as far as its beginning is known. */
function checkLength(check: Check, path: Path, { at = 0, for: forMs = 0 }: Step): void {
  const { until } = check.scenario;
  if (at <= until && at + forMs > until)
    check.tell(
      [...path, 'for'],
      `ends behind the end of the scenario (${durationText(until)}): leave it out to go on until then`,
    );
}

function checkStep(check: Check, path: Path, step: Step, names: Names): void {
  const { on, by, as, stop, release, shock, outside, limits, has, kill } = step;
  const { call, body, form, headers, key, request } = step;
  const { people, traders, kept, instruments } = check.declared;
  check.moment(path, step.at);
  check.known([...path, 'by'], 'person of this world', by, people);
  if (on) checkEvent(check, [...path, 'on'], on, names);
  for (const door of given(step, ['call', 'listen']))
    checkDoor(check, [...path, door], callOf(step) ?? '', step.nowhere);
  checkLength(check, path, step);
  checkAccount(check, [...path, 'stop', 'account'], stop?.account);
  checkAccount(check, [...path, 'outside', 'account'], outside?.account);
  check.known([...path, 'stop', 'trader'], 'trader of this world', stop?.trader, traders);
  check.known([...path, 'outside', 'trader'], 'trader of this world', outside?.trader, traders);
  check.known([...path, 'outside', 'instrument'], 'instrument of this world', outside?.instrument, instruments);
  check.known([...path, 'release'], 'name that a step keeps with "as"', release, kept);
  if (as !== undefined && traders.includes(as)) check.tell([...path, 'as'], 'has the name of a trader');
  check.free([...path, 'as'], as);
  if (shock) check.instrument([...path, 'shock'], shock.instrument);
  if (kill !== undefined && check.scenario.world.workers === undefined)
    check.tell([...path, 'kill'], 'is of no use: this world has no "workers"', true);
  if (limits) checkLimits(check, [...path, 'limits'], limits, traders);
  const asked = callOf(step);
  const known = namesIn(step, names);
  if (has && asked !== undefined)
    checkAnswered(check, [...path, 'has'], { call: asked, answer: answerTo(asked, step.status), names: known }, has);
  // Only a stop can be released.
  if (release !== undefined && kept.includes(release))
    check.references([...path, 'release'], `\${${release}.stop_id}`, names);
  const { listen, say } = step;
  check.references(path, { call, listen, say, body, form, has, headers, key, request }, known);
}

function checkEvent(check: Check, path: Path, { event, where }: EventWanted, names: Names): void {
  checkWhere(check, [...path, 'where'], event, where, names);
  check.references([...path, 'where'], where, names);
}

export function checkScript(check: Check, { script }: Scenario, names: Names): void {
  for (const [index, step] of script.entries()) checkStep(check, ['script', index], step, names);
}

function checkFields(check: Check, path: Path, expectation: Expectation, names: Names): void {
  const { event, never, eventually, after, sequence = [], where, same } = expectation;
  const [single] = [event, never, eventually].filter((type) => type !== undefined);
  if (single !== undefined) checkWhere(check, [...path, 'where'], single, where, names);
  if (after) checkEvent(check, [...path, 'after'], after, names);
  const inOrder = sequence.map((item) => (typeof item === 'string' ? { event: item, where: {} } : item));
  for (const [place, item] of inOrder.entries()) checkEvent(check, [...path, 'sequence', place], item, names);
  // What is wanted of all of them has to be a field of each.
  for (const type of new Set(inOrder.map((item) => item.event)))
    checkWhere(check, [...path, 'where'], type, where, names);
  if (same === undefined) return;
  const types = [single, after?.event, ...inOrder.map((item) => item.event)];
  for (const type of new Set(types.filter((one) => one !== undefined))) checkSame(check, [...path, 'same'], type, same);
}

function checkExpectation(check: Check, path: Path, wanted: Expectation, names: Names): void {
  const { people, traders } = check.declared;
  check.window(path, wanted);
  check.moment(path, wanted.at);
  check.known([...path, 'by'], 'person of this world', wanted.by, people);
  check.known([...path, 'trader'], 'trader of this world', wanted.trader, traders);
  checkAccount(check, [...path, 'account'], wanted.account);
  check.known([...path, 'broken'], 'promise of a checker', wanted.broken, brokenPromises());
  // Without a defect nothing is meant to go wrong, and what does is no success.
  if (!check.declared.hasDefect)
    for (const name of given(wanted, ['broken', 'fails']))
      check.tell([...path, name], 'needs a "defect": a run without one has to hold', true);
  if (wanted.figure)
    check.known([...path, 'instrument'], 'instrument of this world', wanted.instrument, check.declared.instruments);
  checkFields(check, path, wanted, names);
  const { state, alike, has, where } = wanted;
  if (state !== undefined) checkDoor(check, [...path, 'state'], state, wanted.nowhere);
  for (const [place, reading] of (alike ?? []).entries())
    checkDoor(check, [...path, 'alike', place], reading, undefined);
  if (state !== undefined)
    checkAnswered(check, [...path, 'has'], { call: state, answer: answerTo(state, wanted.status), names }, has);
  check.references(path, { state, alike, has, where }, names);
}

export function checkExpectations(check: Check, { expect }: Scenario, names: Names): void {
  for (const [index, wanted] of expect.entries()) checkExpectation(check, ['expect', index], wanted, names);
}
