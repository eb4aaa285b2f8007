/** How orca writes what the house knows: dated contracts with one digit of their year, sides, order states, seconds. */
import { findInstrument } from '../../domain/instrument.ts';
import { contractSymbol, frontContract, parseContract } from '../../domain/instruments/contracts.ts';
import type { OrderStatus } from '../../messages/common.ts';

const HOUR_MS = 3_600_000;
/** The front contract of a root, looked up once an hour: a roll comes with a day. */
const fronts = new Map<string, { readonly hour: number; readonly symbol: string }>();

function frontOf(root: string, at: number): string {
  const hour = Math.floor(at / HOUR_MS);
  const known = fronts.get(root);
  if (known?.hour === hour) return known.symbol;
  const front = frontContract(root, at);
  const symbol = contractSymbol({ ...front, year: front.year.slice(-1) });
  fronts.set(root, { hour, symbol });
  return symbol;
}

/** A root is its front contract at that instant: `MNQ` is `MNQZ5` in October 2025. What is no future is itself. */
export function contractOf(symbol: string, at: number): string {
  const instrument = findInstrument(symbol);
  if (instrument?.assetClass !== 'future') return symbol;
  const dated = parseContract(instrument.symbol);
  return dated ? contractSymbol({ ...dated, year: dated.year.slice(-1) }) : frontOf(instrument.symbol, at);
}

/** Waits at a person: `Queued`; on its way: `Pending`; at the venue: `Working`. */
export const STATUSES: Readonly<Record<Exclude<OrderStatus, 'ended'>, 'Working' | 'Pending' | 'Queued'>> = {
  gating: 'Pending',
  held: 'Queued',
  sending: 'Pending',
  working: 'Working',
  canceling: 'Working',
  unresolved: 'Pending',
};

export const ORDER_TYPES: Readonly<Record<string, 'Limit' | 'Market' | 'Stop'>> = {
  limit: 'Limit',
  market: 'Market',
  stop: 'Stop',
};

/** Epoch seconds. */
export const secondsOf = (ms: number): number => ms / 1_000;
