/** What the body of an answer says. Several checkers read the same answer, one behind the other: it is parsed for the first of them. */

const NOTHING: Readonly<Record<string, unknown>> = {};
let newest = { body: '{}', said: NOTHING };

/** `body` is a JSON object, or empty. Throws on anything that is no JSON. */
export function saidIn(body: string): Readonly<Record<string, unknown>> {
  if (body === '') return NOTHING;
  if (body !== newest.body) newest = { body, said: JSON.parse(body) as Record<string, unknown> };
  return newest.said;
}
