/**
 * Our symbols as Tradovate's contracts and back. Only dated futures are traded; `NQ` alone names no contract unless a person has said
 * which one it means. Invariant: a contract has one spelling here, so that a position is found again under the symbol of its orders.
 */
import { findInstrument } from '../../domain/instrument.ts';
import { contractSymbol, parseContract } from '../../domain/instruments/contracts.ts';

export type Pairs = ReadonlyMap<string, string>;

/** `a=b, c=d`. Throws an error that says which pair is wrong; neither side may occur twice. */
export function parsePairs(text: string): Pairs {
  const pairs = new Map<string, string>();
  const values = new Set<string>();
  for (const pair of text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)) {
    const [ours = '', theirs = '', more] = pair.split('=').map((side) => side.trim());
    if (!ours || !theirs || more !== undefined)
      throw new Error(`holds ${JSON.stringify(pair)}, which is no ours=theirs`);
    if (pairs.has(ours) || values.has(theirs)) throw new Error(`holds a side of ${JSON.stringify(pair)} twice`);
    pairs.set(ours, theirs);
    values.add(theirs);
  }
  return pairs;
}

/** As Tradovate writes it: one digit of the year. Undefined: no dated contract. */
function contractNamed(symbol: string): string | undefined {
  const contract = parseContract(symbol);
  return contract && contractSymbol({ ...contract, year: contract.year.slice(-1) });
}

/** The pairs of a setting, each a future of ours and a contract of the same root. */
export function parseSymbols(text: string): Pairs {
  const pairs = parsePairs(text);
  for (const [ours, theirs] of pairs) {
    const root = findInstrument(ours)?.assetClass === 'future' ? (parseContract(ours)?.root ?? ours) : undefined;
    if (root === undefined || parseContract(theirs)?.root !== root || contractNamed(theirs) !== theirs)
      throw new Error(
        `says ${ours}=${theirs}, where ${theirs} is not a contract like ${root ?? 'NQ'}Z6 of that future`,
      );
  }
  return pairs;
}

export class Symbols {
  private readonly byContract: Pairs;
  constructor(private readonly pairs: Pairs) {
    this.byContract = new Map([...pairs].map(([ours, theirs]) => [theirs, ours]));
  }

  contractOf(symbol: string): { readonly contract: string } | { readonly refused: string } {
    const paired = this.pairs.get(symbol);
    if (paired !== undefined) return { contract: paired };
    const instrument = findInstrument(symbol);
    if (!instrument) return { refused: `unknown instrument ${symbol}` };
    if (instrument.assetClass !== 'future') return { refused: `${symbol} is no future: Tradovate trades futures only` };
    const contract = contractNamed(symbol);
    if (contract === undefined)
      return {
        refused: `${symbol} names no contract: TRADOVATE_SYMBOLS says which one, such as ${symbol}=${symbol}Z6`,
      };
    const spelling = this.symbolOf(contract);
    return spelling === symbol ? { contract } : { refused: `${symbol} is traded here as ${spelling}` };
  }

  symbolOf(contract: string): string {
    return this.byContract.get(contract) ?? contract;
  }
}
