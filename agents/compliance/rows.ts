/** Brings rows of earlier builds up to this one's. Invariant: what was answered or counted before stays answered and counted. */
import type { PassedOrders } from '../../controls/control.ts';
import type { Denial } from '../../domain/denial.ts';
import type { OrderTicket } from '../../messages/common.ts';
import type { ComplianceState } from './compliance.ts';
import type { AnsweredOrder } from './recent.ts';

export const COMPLIANCE_VERSION = 2;

type Placed = Pick<OrderTicket, 'symbol' | 'side' | 'quantity' | 'price'>;

/** Version 1: its first builds kept objects and no run, later ones lists and a run that knew only its first order's time. */
interface AnsweredObject extends Placed {
  readonly orderId: string;
  readonly at: number;
  readonly denial?: Denial;
}
interface Version1 extends Pick<ComplianceState, 'status'> {
  readonly answered: readonly (AnsweredOrder | AnsweredObject)[];
  readonly passed: readonly PassedOrders[];
  readonly run?: Placed & { readonly since: number; readonly count: number };
}

function listOf(order: AnsweredOrder | AnsweredObject): AnsweredOrder {
  if (!('orderId' in order)) return order;
  const { orderId, at, symbol, side, quantity, price, denial } = order;
  return denial ? [orderId, at, symbol, side, quantity, price, denial] : [orderId, at, symbol, side, quantity, price];
}

function entityOf({ status, answered, passed, run }: Version1): ComplianceState {
  const state = { status, answered: answered.map(listOf), passed };
  if (!run) return state;
  const { since, count, ...placed } = run;
  return { ...state, run: { ...placed, passed: [{ at: since, count }] } };
}

/** Throws for any other version than 1. The limits, common to all, are as they were. */
export function upgradeCompliance(version: number, state: unknown): unknown {
  if (version !== 1) throw new Error(`the row has version ${version}, this build knows ${COMPLIANCE_VERSION}`);
  return 'answered' in (state as object) ? entityOf(state as Version1) : state;
}
