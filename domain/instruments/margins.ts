/**
 * What positions tie up. Futures: an amount a contract that the clearing house has asked for, each with the day of its list; it changes them often, so
 * that a broker's own list counts where real money is at stake. All others: a ratio of their value that a rule fixes.
 */
import type { DecimalText } from '../decimal.ts';

export interface Margin {
  /** A contract: amounts in account currency. Value: ratios of the position's value. */
  readonly per: 'contract' | 'value';
  /** To open, and to keep what is open. */
  readonly initial: DecimalText;
  readonly maintenance: DecimalText;
  /** On which day it was so, or the rule that fixes it. */
  readonly basis: string;
}

/**
 * Initial and maintenance margin in dollars for a speculator: CME Group's clearing advisories as LEAN (Apache-2.0) collects them, for 2025 as brokers
 * repeat them. A micro contract is a tenth of its big one, initial margin 110 % of maintenance: what a broker left out follows from that.
 */
const LISTED: Readonly<Record<string, readonly [day: string, initial: string, maintenance: string]>> = {
  ES: ['2025-04', '12650', '11500'],
  MES: ['2025-04', '1265', '1150'],
  NQ: ['2025-04', '19800', '18000'],
  MNQ: ['2025-04', '1980', '1800'],
  RTY: ['2022-01-07', '6050', '5500'],
  M2K: ['2022-01-07', '605', '550'],
  YM: ['2022-01-21', '8800', '8000'],
  MYM: ['2022-01-21', '880', '800'],
  GC: ['2025-11', '16500', '15000'],
  MGC: ['2025-11', '1650', '1500'],
  SI: ['2022-01-05', '10450', '9500'],
  CL: ['2022-02-07', '7480', '6800'],
  MCL: ['2022-02-07', '748', '680'],
  NG: ['2020-05-08', '2200', '2000'],
  '6E': ['2021-04-16', '2420', '2200'],
  '6B': ['2021-04-30', '2365', '2150'],
  '6A': ['2022-01-21', '1595', '1450'],
  '6C': ['2020-03-27', '1705', '1550'],
  '6S': ['2020-03-24', '4950', '4500'],
  '6J': ['2020-03-24', '4400', '4000'],
  ZN: ['2020-05-26', '1980', '1800'],
  ZB: ['2021-05-27', '3850', '3500'],
};

export function listedMargin(root: string): Margin {
  const listed = LISTED[root];
  if (!listed) throw new Error(`Invariant: there is a margin of ${root}`);
  const [day, initial, maintenance] = listed;
  return { per: 'contract', initial, maintenance, basis: `CME Group, ${day}` };
}

/** ESMA 2018/796: so much to open; positions are closed when half of it is left. */
const esma = (initial: DecimalText, maintenance: DecimalText): Margin => ({
  ...{ per: 'value', basis: 'ESMA 2018/796', initial, maintenance },
});

/** Two of US dollar, euro, yen, pound, Canadian dollar and Swiss franc. */
export const MAJOR_PAIR = esma('0.0333', '0.01665');
/** Any other pair, and gold. */
export const MINOR_PAIR_OR_GOLD = esma('0.05', '0.025');
export const OTHER_METAL = esma('0.1', '0.05');
export const CRYPTO = esma('0.5', '0.25');
export const STOCK: Margin = { per: 'value', initial: '0.5', maintenance: '0.25', basis: 'Regulation T, FINRA 4210' };
