/**
 * The doors of the product as a scenario names them: each route and socket by its method and path, and what it answers. A path that none
 * of them takes is told with the one that may have been meant.
 */
import { z } from 'zod';
import { toClient } from '../../api/kit/client-session.ts';
import { routesOf, sockets } from '../../api/routes.ts';
import { keysOf, type Schema } from './parts.ts';
import { suggestion } from './problems.ts';

export interface Door {
  readonly method: string;
  readonly parts: readonly string[];
  /** Names of its query's parameters; undefined where anything may be said. */
  readonly query: readonly string[] | undefined;
  /** Bodies of its successes; of streams and texts nothing is known. */
  readonly answers: readonly Schema[] | 'anything';
}

type Responses = ReturnType<typeof routesOf>[number]['responses'];

function bodiesIn(responses: Responses): Door['answers'] {
  const bodies = Object.values(responses).filter((body) => body !== null);
  const schemas = bodies.filter(
    (body): body is Exclude<typeof body, { readonly contentType: string }> => 'parse' in body,
  );
  return schemas.length < bodies.length ? 'anything' : schemas;
}

/** A socket is opened by a method of its own. */
export const LISTEN = 'listen';

/** What a name in a path stands for is one part of it, whatever it is. */
const NAMED = '\0';
const partsOf = (address: string): string[] =>
  address
    .replaceAll(/\$\{[^}]*\}/g, NAMED)
    .replace(/\?.*$/u, '')
    .split('/')
    .filter((part, index) => index > 0 && part !== '');

const DOORS: readonly Door[] = [
  ...routesOf('').map(({ method, path, query, responses }) => ({
    method,
    parts: partsOf(path),
    query: query ? keysOf([query]) : [],
    answers: bodiesIn(responses),
  })),
  ...sockets.map((socket) => ({
    method: LISTEN,
    parts: partsOf(socket.path),
    query: undefined,
    answers: [z.object({ count: z.int().min(0), heard: z.array(toClient(socket)) })],
  })),
];

const isParameter = (part: string): boolean => part.startsWith(':');
const fits = (own: string, asked: string | undefined): boolean =>
  asked !== undefined && (own === asked || isParameter(own) || asked.includes(NAMED));

const takes = ({ parts }: Door, asked: readonly string[]): boolean =>
  parts.length === asked.length && parts.every((part, index) => fits(part, asked[index]));

/** `POST /api/v1/agents/${alpha.id}/trades?x=1`, or `listen /ws`. Undefined when there is none. */
export function doorOf(call: string): Door | undefined {
  const [method = '', address = ''] = call.split(' ');
  const asked = partsOf(address);
  return DOORS.find((door) => door.method === method && takes(door, asked));
}

/** A parameter of the query that the door does not know, with those that it does. */
export function strangeIn(call: string): { readonly name: string; readonly known: readonly string[] } | undefined {
  const known = doorOf(call)?.query;
  const [, written = ''] = /\?(.*)$/u.exec(call) ?? [];
  const names = written.split('&').map((pair) => pair.replace(/=.*$/u, ''));
  const name = names.find((one) => one !== '' && !one.includes('${') && !known?.includes(one));
  return known && name !== undefined ? { name, known } : undefined;
}

/** What stands in the place of a parameter, and is written out. */
export function parametersOf(call: string): readonly string[] {
  const asked = partsOf(call.split(' ')[1] ?? '');
  return doorOf(call)?.parts.flatMap((part, index) => (isParameter(part) ? (asked[index] ?? []) : [])) ?? [];
}

/** As the file would have to write it: what stands in the place of a parameter stays. */
function writtenAs({ method, parts }: Door, address: string): string {
  const written = address.replace(/\?.*$/u, '').split('/').slice(1);
  const path = parts.map((part, index) => (isParameter(part) ? (written[index] ?? part) : part)).join('/');
  return method === LISTEN ? `/${path}` : `${method} /${path}`;
}

/** The door that may have been meant, in words. */
export function doorNear(call: string): string {
  const [method = '', address = ''] = call.split(' ');
  const asked = partsOf(address);
  const others = DOORS.filter((door) => (door.method === LISTEN) === (method === LISTEN));
  const elsewhere = others.filter((door) => takes(door, asked)).map((door) => door.method);
  if (elsewhere.length > 0) return `there is ${elsewhere.map((one) => `${one} ${address}`).join(', ')}`;
  const choices = [...new Set(others.map((door) => writtenAs(door, address)))];
  const near = suggestion(method === LISTEN ? address : call.replace(/\?.*$/u, ''), choices);
  return near.startsWith('there is') && method !== LISTEN ? 'GET /openapi.json lists all' : near;
}
