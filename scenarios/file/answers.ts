/** What the product answers a step with, field by field, as its routes declare it: what `${name.field}` can stand for. */
import { routesOf } from '../../api/routes.ts';
import type { Meaning } from './check.ts';
import type { Scenario } from './schema.ts';
import type { StatusWanted, Step } from './script-part.ts';

interface Known {
  readonly method: string;
  readonly path: RegExp;
  readonly answers: Meaning;
}

type Responses = ReturnType<typeof routesOf>[number]['responses'];

/** Bodies of successes; of streams and texts nothing is known. */
function bodiesIn(responses: Responses): Meaning {
  const bodies = Object.values(responses).filter((body) => body !== null);
  const schemas = bodies.filter(
    (body): body is Exclude<typeof body, { readonly contentType: string }> => 'parse' in body,
  );
  return schemas.length < bodies.length ? 'anything' : schemas;
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`, 'u');

const ROUTES: readonly Known[] = routesOf('').map(({ method, path, responses }) => ({
  method,
  path: pattern(path),
  answers: bodiesIn(responses),
}));

/** `POST /api/v1/agents/${alpha.id}/trades?x=1`: a name in the path stands for one part of it. */
function answerOf(call: string): Meaning {
  const [method = '', address = ''] = call.replaceAll(/\$\{[^}]*\}/g, '_').split(' ');
  const path = address.replace(/\?.*$/u, '');
  return ROUTES.find((route) => route.method === method && route.path.test(path))?.answers ?? 'anything';
}

const isSuccess = (status: StatusWanted | undefined): boolean =>
  [status ?? '2xx'].flat().every((one) => one === '2xx' || (typeof one === 'number' && one >= 200 && one < 300));

const DECISIONS = { approve: 'approve', reject: 'reject' } as const;

/** The request that a step sends, if it is one. */
export function callOf({ call, stop, limits, release, decide }: Step): string | undefined {
  if (call !== undefined) return call;
  if (stop) return 'POST /api/v1/emergency-stop';
  if (release !== undefined) return 'DELETE /api/v1/emergency-stop/_';
  if (limits) return 'PUT /api/v1/house/limits';
  return decide && decide !== 'both' ? `POST /api/v1/oversight/requests/_/${DECISIONS[decide]}` : undefined;
}

/** What a request that is answered so holds. A refusal has fields of its own, which nobody declares. */
export const answerTo = (call: string | undefined, status: StatusWanted | undefined): Meaning =>
  call === undefined || !isSuccess(status) ? 'anything' : answerOf(call);

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
