/** The traders of a scenario come into being before its first step, through the real door, each in the name of its owner. */

import type { WorldPart } from '../file/world-part.ts';
import { parsed } from '../people/person.ts';
import { type Cast, DEVELOPMENT_USER } from './cast.ts';

/** Keeps each under its name in the file. Throws when one is refused. */
export async function openTraders(
  traders: WorldPart['traders'],
  cast: Cast,
  scope: Map<string, unknown>,
): Promise<void> {
  for (const [name, { owner, title, ...config }] of Object.entries(traders)) {
    const body = { name: title ?? name, type: 'trading', config, userId: owner ?? DEVELOPMENT_USER };
    const answer = await cast.send({ by: owner, method: 'POST', path: '/api/v1/agents', body, insist: true });
    const made = parsed<object>(answer);
    if (!made)
      throw new Error(`trader ${name} could not be created: ${answer?.status ?? 'no answer'} ${answer?.body ?? ''}`);
    scope.set(name, made);
  }
}
