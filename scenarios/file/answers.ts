/** What the product answers a step with, field by field, as its routes declare it: what `${name.field}` can stand for. */
import type { Meaning } from './check.ts';
import { doorOf, LISTEN } from './doors.ts';
import type { Scenario } from './schema.ts';
import type { StatusWanted, Step } from './script-part.ts';

const answerOf = (call: string): Meaning => doorOf(call)?.answers ?? 'anything';

/** So ends a line that was open: a client left it, the product closed it with a code, or the process died. */
const WAS_OPEN = 101;
const CLOSED_MIN = 1_000;

/** What was heard is told whenever the line was open; of calls only a success has the fields that are declared. */
function isDeclared(call: string, status: StatusWanted | undefined): boolean {
  const isLine = call.startsWith(`${LISTEN} `);
  const fits = (one: StatusWanted): boolean => {
    if (isLine) return one === WAS_OPEN || (typeof one === 'number' && one >= CLOSED_MIN);
    return one === '2xx' || (typeof one === 'number' && one >= 200 && one < 300);
  };
  return [status ?? (isLine ? WAS_OPEN : '2xx')].flat().every(fits);
}

const DECISIONS = { approve: 'approve', reject: 'reject' } as const;

/** The request that a step sends, if it is one. */
export function callOf({ call, listen, stop, limits, release, decide }: Step): string | undefined {
  if (call !== undefined) return call;
  if (listen !== undefined) return `${LISTEN} ${listen}`;
  if (stop) return 'POST /api/v1/emergency-stop';
  if (release !== undefined) return 'DELETE /api/v1/emergency-stop/_';
  if (limits) return 'PUT /api/v1/house/limits';
  return decide && decide !== 'both' ? `POST /api/v1/oversight/requests/_/${DECISIONS[decide]}` : undefined;
}

/** What a request that is answered so holds. A refusal has fields of its own, which nobody declares. */
export const answerTo = (call: string | undefined, status: StatusWanted | undefined): Meaning =>
  call === undefined || !isDeclared(call, status) ? 'anything' : answerOf(call);

const keptBy = (step: Step): Meaning => answerTo(callOf(step), step.status);

const either = (a: Meaning, b: Meaning): Meaning => (a === 'anything' || b === 'anything' ? 'anything' : [...a, ...b]);

/** Traders, and answers that steps keep. A name of which nothing but its being declared is known means anything. */
export function namesOf(
  { script }: Scenario,
  traders: readonly string[],
  kept: readonly string[],
): Map<string, Meaning> {
  const names = new Map<string, Meaning>();
  for (const trader of traders) names.set(trader, answerOf('POST /api/v1/agents'));
  for (const step of script) {
    if (step.as === undefined) continue;
    const known = names.get(step.as);
    names.set(step.as, known ? either(known, keptBy(step)) : keptBy(step));
  }
  for (const name of kept) if (!names.has(name)) names.set(name, 'anything');
  return names;
}
