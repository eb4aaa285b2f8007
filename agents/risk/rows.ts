/** Brings rows of earlier builds up to this one's. Invariant: an account is never given funds that nobody has counted. */
import { type ById, withEntry } from '../../domain/by-id.ts';
import type { Reservation } from './book.ts';
import type { RiskState } from './risk.ts';

export const RISK_VERSION = 2;

/** How far it reaches was not kept: it reaches what it was counted at, as it did. */
function withReach(reservations: ById<Reservation>): ById<Reservation> {
  let reaching: ById<Reservation> = {};
  for (const orderId in reservations) {
    const reservation = reservations[orderId]!;
    reaching = withEntry(reaching, orderId, { ...reservation, reach: reservation.price });
  }
  return reaching;
}

/** The first builds of version 1 counted no funds, and profit that is booked can't be told from the row any more. */
function entityOf(state: RiskState): RiskState {
  if (state.funds === undefined && !state.closed && !state.external)
    throw new Error("the row of version 1 does not tell the account's funds");
  const { reservations, external } = state;
  return {
    ...state,
    reservations: withReach(reservations),
    ...(external && { external: withReach(external) }),
  };
}

/** Throws for any other version than 1, and for a row that cannot be brought up. What is common to all accounts is as it was. */
export function upgradeRisk(version: number, state: unknown): unknown {
  if (version !== 1) throw new Error(`the row has version ${version}, this build knows ${RISK_VERSION}`);
  return 'reservations' in (state as object) ? entityOf(state as RiskState) : state;
}
