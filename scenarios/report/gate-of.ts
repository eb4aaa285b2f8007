/** Which gate says no with a code, as docs/CONTROLS.md tells it: what passed before it is on no other record of a denied order. */
import type { Denial, DenialCode } from '../../domain/denial.ts';

/** Gates that an order meets one after the other. */
const WAY = ['halt', 'compliance', 'risk', 'quota', 'oversight'] as const;

/** Undefined: several gates say it, or none that was asked. */
const GATES: Readonly<Record<DenialCode, (typeof WAY)[number] | undefined>> = {
  HALTED: 'halt',
  TRADER_INACTIVE: 'compliance',
  INSTRUMENT_NOT_PERMITTED: 'compliance',
  QUANTITY_STEP: 'compliance',
  PRICE_TICK: 'compliance',
  MARKET_CLOSED: 'compliance',
  VARIANCE_NOT_PERMITTED: 'compliance',
  ORDER_RATE: 'compliance',
  DUPLICATE_ORDER: 'compliance',
  REPEATED_ORDER: 'compliance',
  NOT_AN_EXIT: 'risk',
  REDUCING_ONLY: 'risk',
  MAX_POSITION_SIZE: 'risk',
  STALE_DATA: 'risk',
  PRICE_COLLAR: 'risk',
  ORDER_VALUE: 'risk',
  ORDER_VOLUME: 'risk',
  SLICED_ORDER: 'risk',
  SELF_MATCH: 'risk',
  POSITION_LIMIT: 'risk',
  EXPOSURE_LIMIT: 'risk',
  INSUFFICIENT_FUNDS: 'risk',
  MARGIN_LIMIT: 'risk',
  QUOTA_TRADES: 'quota',
  QUOTA_VOLUME: 'quota',
  QUOTA_BUDGET: 'quota',
  OVERSIGHT_REJECTED: 'oversight',
  OVERSIGHT_EXPIRED: 'oversight',
  NO_LIMIT_CONFIGURED: undefined,
  GATE_UNAVAILABLE: undefined,
};

/** States of the order machine that a denied order came through; the first gate alone when nobody can tell which one it was. */
export function gatesBefore({ code }: Denial): string[] {
  const gate = GATES[code];
  return WAY.slice(0, gate === undefined ? 1 : WAY.indexOf(gate) + 1).map((passed) => `gating.${passed}`);
}
