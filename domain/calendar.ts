/** UTC days and months in epoch milliseconds: a period starts inclusive and ends where the next one starts. */
const DAY_MS = 86_400_000;

export const dayStart = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;
export const nextDayStart = (at: number): number => dayStart(at) + DAY_MS;
export const monthStart = (at: number): number => monthFrom(at, 0);
export const nextMonthStart = (at: number): number => monthFrom(at, 1);

function monthFrom(at: number, months: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}
