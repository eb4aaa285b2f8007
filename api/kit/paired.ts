/** How contracts write what is quoted in pairs: the two currencies with a mark between them. Everything else is written by its symbol. */
import { findInstrument } from '../../domain/instrument.ts';

const PAIRED = new Set(['crypto', 'fx', 'metal']);

export function paired(symbol: string, mark: '/' | '_'): string {
  const instrument = findInstrument(symbol);
  return instrument && PAIRED.has(instrument.assetClass) ? `${symbol.slice(0, 3)}${mark}${symbol.slice(3)}` : symbol;
}
