/** Who is asking: what a verified token says, and nothing that a body says. */
import type { AccountNames } from '../../projections/account-names.ts';

export const ROLES = ['viewer', 'trader', 'supervisor', 'admin', 'service'] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  readonly sub: string;
  readonly roles: ReadonlySet<Role>;
  /** Account ids; `*` stands for all. */
  readonly accounts: ReadonlySet<string>;
  /** Wall clock in epoch milliseconds; absent for the development token. */
  readonly expiresAtMs?: number;
}

/** The caller of a public route. */
export const ANONYMOUS: Caller = { sub: 'anonymous', roles: new Set(), accounts: new Set() };

export const hasRole = (caller: Caller, roles: readonly Role[]): boolean =>
  roles.some((role) => caller.roles.has(role));

/** Supervisors look over everything; admins and services act for everybody. */
export const seesAll = (caller: Caller): boolean => hasRole(caller, ['supervisor', 'admin', 'service']);
export const actsForOthers = (caller: Caller): boolean => hasRole(caller, ['admin', 'service']);

/** A token has an account under either of its names. */
export const holdsAccount = ({ accounts }: Caller, { id, venueId }: AccountNames): boolean =>
  accounts.has('*') || accounts.has(id) || accounts.has(venueId);
