/**
 * When instruments trade, in the time of their exchange: which trade date an instant belongs to, whether the market is open, and when
 * that changes. Pure: every question names its instant.
 */
import { CLOSED, commodityEnd, currencyEnd, dealersEnd, equityEnd, indexEnd, rateEnd } from './ends.ts';
import { DAY_MS, type Day, dayOf, instantOf, localTime, weekdayOf, type Zone } from './zone.ts';

export const SESSIONS = [
  ...(['always', 'fx-week', 'metal-week', 'us-equity'] as const),
  // Futures of CME Group, by product group: they share their hours and not their holidays.
  ...(['cme-index', 'cme-metals', 'cme-energy', 'cme-fx', 'cme-rates'] as const),
] as const;
export type SessionName = (typeof SESSIONS)[number];

/** A session of one trade date. Minutes on the wall; `from` counts on the day before when `overnight`. */
interface Rules {
  readonly zone: Zone;
  readonly overnight: boolean;
  readonly fromMinute: number;
  readonly toMinute: number;
  /** The end on this trade date, if it is another; 0: no session at all. */
  readonly endOn: (day: Day) => number | undefined;
}

const hour = (hours: number, minutes = 0): number => hours * 60 + minutes;
/** Index, metals and energy futures ended a quarter of an hour later until CME Group shortened their day. */
const SHORTENED = dayOf(2015, 9, 21);
const globex = (endOn: Rules['endOn'], wasLonger: boolean): Rules => ({
  ...{ zone: 'America/Chicago', overnight: true, fromMinute: hour(17), toMinute: hour(16) },
  endOn: (day) => endOn(day) ?? (wasLonger && day < SHORTENED ? hour(16, 15) : undefined),
});

const RULES: Readonly<Record<Exclude<SessionName, 'always'>, Rules>> = {
  'fx-week': {
    ...{ zone: 'America/New_York', overnight: true, fromMinute: hour(17), toMinute: hour(17) },
    endOn: dealersEnd,
  },
  // Spot metals follow the hour of rest of the futures.
  'metal-week': {
    ...{ zone: 'America/New_York', overnight: true, fromMinute: hour(18), toMinute: hour(17) },
    endOn: dealersEnd,
  },
  'cme-index': globex(indexEnd, true),
  'cme-metals': globex(commodityEnd, true),
  'cme-energy': globex(commodityEnd, true),
  'cme-fx': globex(currencyEnd, false),
  'cme-rates': globex(rateEnd, false),
  'us-equity': {
    ...{ zone: 'America/New_York', overnight: false, fromMinute: hour(9, 30), toMinute: hour(16) },
    endOn: equityEnd,
  },
};

/** From inclusive, to exclusive, epoch milliseconds. */
export interface Opening {
  /** Days since 1970-01-01. */
  readonly tradeDate: Day;
  readonly from: number;
  readonly to: number;
}

/** The session of a trade date; undefined when there is none. */
export function sessionOn(name: Exclude<SessionName, 'always'>, day: Day): Opening | undefined {
  const { zone, overnight, fromMinute, toMinute, endOn } = RULES[name];
  const weekday = weekdayOf(day);
  const end = endOn(day) ?? toMinute;
  if (weekday === 0 || weekday === 6 || end === CLOSED) return undefined;
  return {
    tradeDate: day,
    from: instantOf(zone, { day: overnight ? day - 1 : day, minute: fromMinute }),
    to: instantOf(zone, { day, minute: end }),
  };
}

/** Longer than any closure: the four days of 2001 between two weekends. */
const LOOK_DAYS = 12;

/** The session that is under way, or else the next one. */
function currentOrNext(name: Exclude<SessionName, 'always'>, at: number): Opening {
  const { day } = localTime(RULES[name].zone, at);
  for (let ahead = 0; ahead <= LOOK_DAYS; ahead += 1) {
    const opening = sessionOn(name, day + ahead);
    if (opening && at < opening.to) return opening;
  }
  throw new Error(`Invariant: ${name} opens within ${LOOK_DAYS} days`);
}

export interface MarketHours {
  readonly open: boolean;
  /** The trade date that is under way, or else the next; days since 1970-01-01. */
  readonly tradeDate: Day;
  /** When open becomes closed or closed open; undefined: never. */
  readonly changesAt: number | undefined;
}

/** The market at an instant in epoch milliseconds. */
export function marketHours(name: SessionName, at: number): MarketHours {
  if (name === 'always') return { open: true, tradeDate: Math.floor(at / DAY_MS), changesAt: undefined };
  const { tradeDate, from, to } = currentOrNext(name, at);
  const open = at >= from;
  // Currencies trade through: the next trade date begins where this one ends.
  if (!open) return { open, tradeDate, changesAt: from };
  let end = to;
  for (let next = currentOrNext(name, end); next.from === end; next = currentOrNext(name, end)) end = next.to;
  return { open, tradeDate, changesAt: end };
}

export const isOpen = (name: SessionName, at: number): boolean => marketHours(name, at).open;
