/**
 * What a trader has used of its quotas in the present UTC day and month, order by order. Pure and exact. Invariant: what an
 * order took is given back only to the period it was taken from, and only once.
 */

import { type ById, withEntry, withoutEntry } from '../../domain/by-id.ts';
import { dayStart, monthStart } from '../../domain/calendar.ts';
import { type DecimalText, isPositive, minus, plus } from '../../domain/decimal.ts';

/** What an open order has taken. */
export interface Reservation {
  readonly amount: DecimalText;
  /** Takes from the monthly budget. */
  readonly budgeted: boolean;
  readonly day: number;
  readonly month: number;
  /** Value of its fills so far. */
  readonly filledAmount: DecimalText;
}

export interface Usage {
  /** Starts of the present UTC day and month. */
  readonly day: number;
  readonly month: number;
  readonly trades: number;
  readonly volume: DecimalText;
  readonly spent: DecimalText;
  /** Highest threshold in percent that has been announced in the present period. */
  readonly warned: { readonly trades: number; readonly volume: number; readonly budget: number };
  /** Open orders by order id. */
  readonly reservations: ById<Reservation>;
}

export const UNUSED: Usage = {
  day: 0,
  month: 0,
  trades: 0,
  volume: '0',
  spent: '0',
  warned: { trades: 0, volume: 0, budget: 0 },
  reservations: {},
};

/** A new day or month starts at nothing used. Time that steps back stays in the later period. */
export function roll(usage: Usage, at: number): Usage {
  const day = dayStart(at);
  if (day <= usage.day) return usage;
  const month = monthStart(at);
  const today = { ...usage, day, trades: 0, volume: '0', warned: { ...usage.warned, trades: 0, volume: 0 } };
  return month <= usage.month ? today : { ...today, month, spent: '0', warned: { trades: 0, volume: 0, budget: 0 } };
}

/**
 * Counts `amount` once more or once less, in those periods of the reservation that are still running, and puts `reservations` in
 * place of the open ones.
 */
function counted(
  usage: Usage,
  { day, month, budgeted }: Reservation,
  amount: DecimalText,
  by: 1 | -1,
  reservations: ById<Reservation> = usage.reservations,
): Usage {
  const add = by === 1 ? plus : minus;
  const isToday = day === usage.day;
  return {
    day: usage.day,
    month: usage.month,
    warned: usage.warned,
    reservations,
    trades: isToday ? usage.trades + by : usage.trades,
    volume: isToday ? add(usage.volume, amount) : usage.volume,
    spent: budgeted && month === usage.month ? add(usage.spent, amount) : usage.spent,
  };
}

const withReservations = (usage: Usage, reservations: ById<Reservation>): Usage => ({
  day: usage.day,
  month: usage.month,
  trades: usage.trades,
  volume: usage.volume,
  spent: usage.spent,
  warned: usage.warned,
  reservations,
});

export function take(usage: Usage, orderId: string, reservation: Reservation): Usage {
  const reservations = withEntry(usage.reservations, orderId, reservation);
  return counted(usage, reservation, reservation.amount, 1, reservations);
}

/** The usage without what this order has taken. */
export function giveBack(usage: Usage, orderId: string): Usage {
  const reservation = usage.reservations[orderId];
  if (!reservation) return usage;
  return counted(usage, reservation, reservation.amount, -1, withoutEntry(usage.reservations, orderId));
}

export function filled(usage: Usage, orderId: string, amount: DecimalText): Usage {
  const reservation = usage.reservations[orderId];
  if (!reservation) return usage;
  const filledAmount = plus(reservation.filledAmount, amount);
  const { amount: set, budgeted, day, month } = reservation;
  const counted = { amount: set, budgeted, day, month, filledAmount };
  return withReservations(usage, withEntry(usage.reservations, orderId, counted));
}

/** The order has ended, perhaps with a fill of this `last` amount: it counts with its fills from now on, and not at all without one. */
export function settle(usage: Usage, orderId: string, last?: DecimalText): Usage {
  const reservation = usage.reservations[orderId];
  if (!reservation) return usage;
  const { amount } = reservation;
  const filledAmount = last === undefined ? reservation.filledAmount : plus(reservation.filledAmount, last);
  // Filled for just what was set aside: the use stays as it is.
  if (filledAmount === amount && isPositive(amount))
    return withReservations(usage, withoutEntry(usage.reservations, orderId));
  const rest = giveBack(usage, orderId);
  return isPositive(filledAmount) ? counted(rest, reservation, filledAmount, 1) : rest;
}
