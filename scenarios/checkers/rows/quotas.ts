/** The quota agent's rows against the records: use, reservations and warnings of each trader's present day and month. */
import { exact, text } from '../../../domain/decimal.ts';
import type { Report, Rest } from '../checker.ts';
import { ZERO } from '../folds/accounts.ts';
import type { OrdersFold } from '../folds/orders.ts';
import { type QuotasFold, type Taken, type TraderQuota, warnedKey } from '../folds/quotas.ts';
import { compareFields, type Fields, fieldsOf, isBehind, statesOf } from '../folds/rows.ts';

export function compareQuotas(rest: Rest, quotas: QuotasFold, orders: OrdersFold, report: Report): void {
  if (isBehind(rest, 'quota', Math.max(quotas.lastSequence, orders.lastSequence))) return;
  const states = statesOf(rest, 'quota');
  for (const [traderId, quota] of quotas.traders) compareQuotaOf(quota, states.get(traderId), orders, report);
}

/** Of one trader; without a state it has no row. */
export function compareQuotaOf(
  quota: TraderQuota,
  state: Fields | undefined,
  orders: OrdersFold,
  report: Report,
): void {
  if (quota.terminated) {
    if (state) report(`trader ${quota.traderId} is terminated, and has quotas`);
  } else if (state) compareQuota(quota, state, orders, report);
  else report(`trader ${quota.traderId} has no quotas`);
}

function compareQuota(quota: TraderQuota, state: Fields, orders: OrdersFold, report: Report): void {
  const { traderId, budget, ambiguous } = quota;
  compareFields(`quotas of ${traderId}`, { traderId, monthlyBudget: budget, terminated: false }, state, report);
  if (ambiguous) return;
  const day = Number(state.day);
  const month = Number(state.month);
  const used = quota.days.get(day);
  let trades = used?.trades ?? 0;
  let volume = used?.volume ?? ZERO;
  let spent = quota.months.get(month) ?? ZERO;
  const reservations = fieldsOf(state.reservations);
  for (const [orderId, value] of Object.entries(reservations)) {
    const reservation = fieldsOf(value);
    const taken = quota.orders.get(orderId);
    if (taken && !taken.again) {
      compareFields(`quota of order ${orderId}`, rowOf(taken), reservation, report);
      continue;
    }
    if (orders.open.get(orderId)?.stage !== 'gating') {
      report(`order ${orderId} holds a quota, and has ended or was never cleared`);
      continue;
    }
    // In its gates: it counts already, and no record tells with what.
    const amount = exact(String(reservation.amount));
    if (reservation.day === day) volume = volume.plus(amount);
    if (reservation.day === day && !taken) trades += 1;
    if (reservation.month === month && reservation.budgeted === true) spent = spent.plus(amount);
  }
  for (const orderId of quota.orders.keys())
    if (!(orderId in reservations)) report(`order ${orderId} holds no quota, and was cleared`);
  compareFields(`quotas of ${traderId}`, { trades, volume: text(volume), spent: text(spent) }, state, report);
  const warned = (name: Parameters<typeof warnedKey>[0], period: number) =>
    quota.warned.get(warnedKey(name, period)) ?? 0;
  const expected = {
    trades: warned('daily.trades', day),
    volume: warned('daily.volume', day),
    budget: warned('monthly.budget', month),
  };
  compareFields(`warnings of ${traderId}`, expected, fieldsOf(state.warned), report);
}

const rowOf = ({ day, month, amount, budgeted, filled }: Taken): Fields => ({
  day,
  month,
  amount: text(amount),
  budgeted,
  filledAmount: text(filled),
});
