/** OAuth clients: the form of the CLIENTS setting, and the demo clients of the development profile. A client id stands once. */
import { z } from 'zod';
import { ROLES } from '../api/kit/caller.ts';
import type { OauthClient } from '../api/kit/house.ts';

const client = z.strictObject({
  clientId: z.string().min(1),
  secret: z.string().min(16),
  sub: z.string().min(1),
  roles: z.array(z.enum(ROLES)).min(1),
  /** Account ids; `*` for all. */
  accounts: z.array(z.string().min(1)),
});

const pointer = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'the list' : path.join('.'));

/** Parses the setting; throws an error whose message names the place of the first problem, never a secret. */
export function parseClients(text: string): readonly OauthClient[] {
  const parsed = z.array(client).min(1).safeParse(readJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`is no client list: ${pointer(issue?.path ?? [])}: ${issue?.message}`);
  }
  const ids = parsed.data.map(({ clientId }) => clientId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) throw new Error(`names client ${twice} twice`);
  return parsed.data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is no JSON');
  }
}

const demo = (clientId: string, sub: string, role: OauthClient['roles'][number], accounts: string[]): OauthClient => ({
  clientId,
  secret: `${clientId}-secret`,
  sub,
  roles: [role],
  accounts,
});

export const DEMO_CLIENTS: readonly OauthClient[] = [
  demo('trader-client', 'user-456', 'trader', ['demo-fx']),
  demo('viewer-client', 'user-789', 'viewer', ['demo-fx']),
  demo('supervisor-client', 'supervisor-789', 'supervisor', ['*']),
];
