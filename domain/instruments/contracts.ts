/**
 * Dated futures: how they are written, which months are listed, when they end and when trading moves on to the next. Source: CME Group's
 * contract specifications and its roll dates. One digit of a year means the year nearest to the instant that is asked about.
 */
import { holidayOn, nthWeekday } from '../sessions/us-holidays.ts';
import { type Day, dayOf, localTime, weekdayOf, yearOf } from '../sessions/zone.ts';

const CODES = 'FGHJKMNQUVXZ';
const FRIDAY = 5;
const WEDNESDAY = 3;

export interface DatedContract {
  readonly root: string;
  /** 1 to 12. */
  readonly month: number;
  /** As written: `5` or `25`. */
  readonly year: string;
}

/** When the last trade is, and on which day the next contract becomes the front one. */
interface Cycle {
  readonly months: string;
  readonly lastTrade: (year: number, month: number) => Day;
  readonly roll: (year: number, month: number) => Day;
}

const isBusinessDay = (day: Day): boolean => {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && holidayOn(day) === undefined;
};

/** The `count`-th business day before `day`. */
function businessDaysBefore(day: Day, count: number): Day {
  let at = day;
  for (let left = count; left > 0; ) {
    at -= 1;
    if (isBusinessDay(at)) left -= 1;
  }
  return at;
}

const firstOf = (year: number, month: number): Day => dayOf(year, month, 1);
/** `left` business days of the month are behind it. */
const businessDayFromEnd = (year: number, month: number, left: number): Day =>
  businessDaysBefore(firstOf(year, month + 1), left + 1);
const thirdFriday = (year: number, month: number): Day => nthWeekday(year, month, FRIDAY, 3);

/** Cash settled on the third Friday; rolled on the Monday before. */
const equityIndex: Cycle = {
  months: 'HMUZ',
  lastTrade: thirdFriday,
  roll: (year, month) => thirdFriday(year, month) - 4,
};

/** Last trade on the third last business day; rolled two business days before the first notice, which is the last of the month before. */
const metals = (months: string): Cycle => ({
  months,
  lastTrade: (year, month) => businessDayFromEnd(year, month, 2),
  roll: (year, month) => businessDaysBefore(firstOf(year, month), 3),
});

/** Three business days before the 25th of the month before, or before the business day that precedes it; rolled two before that. */
const crudeLastTrade = (year: number, month: number): Day => {
  const day = dayOf(year, month - 1, 25);
  return businessDaysBefore(isBusinessDay(day) ? day : businessDaysBefore(day, 1), 3);
};
const crude: Cycle = {
  months: CODES,
  lastTrade: crudeLastTrade,
  roll: (year, month) => businessDaysBefore(crudeLastTrade(year, month), 2),
};

/** Three business days before the first of the month; rolled two before that. */
const gasLastTrade = (year: number, month: number): Day => businessDaysBefore(firstOf(year, month), 3);
const gas: Cycle = {
  months: CODES,
  lastTrade: gasLastTrade,
  roll: (year, month) => businessDaysBefore(gasLastTrade(year, month), 2),
};

/** Two business days before the third Wednesday; rolled three before that. */
const currencyLastTrade = (year: number, month: number): Day =>
  businessDaysBefore(nthWeekday(year, month, WEDNESDAY, 3), 2);
const currencies: Cycle = {
  months: 'HMUZ',
  lastTrade: currencyLastTrade,
  roll: (year, month) => businessDaysBefore(currencyLastTrade(year, month), 3),
};

/** Seven business days before the last of the month; rolled two before the first notice. */
const treasuries: Cycle = {
  months: 'HMUZ',
  lastTrade: (year, month) => businessDayFromEnd(year, month, 7),
  roll: (year, month) => businessDaysBefore(firstOf(year, month), 3),
};

const CYCLES: ReadonlyMap<string, Cycle> = new Map([
  ...['NQ', 'MNQ', 'ES', 'MES', 'RTY', 'M2K', 'YM', 'MYM'].map((root) => [root, equityIndex] as const),
  ...['GC', 'MGC'].map((root) => [root, metals('GJMQVZ')] as const),
  ['SI', metals('HKNUZ')],
  ...['CL', 'MCL'].map((root) => [root, crude] as const),
  ['NG', gas],
  ...['6E', '6B', '6A', '6C', '6S', '6J'].map((root) => [root, currencies] as const),
  ...['ZN', 'ZB'].map((root) => [root, treasuries] as const),
]);

/** `NQZ5`, `NQZ25`, `NQZ2025` and NinjaTrader's `NQ1225` (blanks and dashes taken out). Months that are not listed are no contract. */
export function parseContract(symbol: string): DatedContract | undefined {
  const coded = /^([A-Z0-9]{2,3})([FGHJKMNQUVXZ])(\d|\d\d|20\d\d)$/.exec(symbol);
  const numbered = coded ? undefined : /^([A-Z0-9]{2,3}?)(0[1-9]|1[0-2])(\d\d)$/.exec(symbol);
  const [, root = '', code = '', year = ''] = coded ?? numbered ?? [];
  const month = coded ? CODES.indexOf(code) + 1 : Number(code);
  if (!CYCLES.get(root)?.months.includes(CODES.charAt(month - 1)) || month === 0) return undefined;
  return { root, month, year: year.length === 4 ? year.slice(2) : year };
}

export const contractSymbol = ({ root, month, year }: DatedContract): string =>
  `${root}${CODES.charAt(month - 1)}${year}`;

const yearAt = (at: number): number => new Date(at).getUTCFullYear();

/** The whole year. A single digit is the one from four years back to five years ahead of `at`. */
export function contractYear({ year }: DatedContract, at: number): number {
  if (year.length === 2) return 2000 + Number(year);
  const first = yearAt(at) - 4;
  return first + ((((Number(year) - first) % 10) + 10) % 10);
}

const cycleOf = (root: string): Cycle => {
  const cycle = CYCLES.get(root);
  if (!cycle) throw new Error(`Invariant: ${root} is a root of dated contracts`);
  return cycle;
};

/** Days since 1970-01-01. */
export const lastTradeDay = (contract: DatedContract, at: number): Day =>
  cycleOf(contract.root).lastTrade(contractYear(contract, at), contract.month);

/** The first day on which the next contract is the front one. */
export const rollDay = (contract: DatedContract, at: number): Day =>
  cycleOf(contract.root).roll(contractYear(contract, at), contract.month);

/** The contract that most of the trading is in at an instant, with two digits of its year. */
export function frontContract(root: string, at: number): DatedContract {
  const { months, roll } = cycleOf(root);
  const { day } = localTime('America/Chicago', at);
  const year = yearOf(day);
  for (const inYear of [year, year + 1]) {
    for (const code of months) {
      const month = CODES.indexOf(code) + 1;
      if (day < roll(inYear, month)) return { root, month, year: String(inYear % 100).padStart(2, '0') };
    }
  }
  throw new Error(`Invariant: ${root} has a contract within two years`);
}
