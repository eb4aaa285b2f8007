/** How creto writes instruments and times: `BTC/USD` and `EUR/USD` with a slash, everything else as it is; ISO 8601 in UTC. */
import { findInstrument } from '../../domain/instrument.ts';

const PAIRED = new Set(['crypto', 'fx', 'metal']);

export function spelled(symbol: string): string {
  const instrument = findInstrument(symbol);
  return instrument && PAIRED.has(instrument.assetClass) ? `${symbol.slice(0, 3)}/${symbol.slice(3)}` : symbol;
}

export const iso = (at: number): string => new Date(at).toISOString();
