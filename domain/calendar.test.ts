import { describe, expect, it } from 'vitest';
import { dayStart, monthStart, nextDayStart, nextMonthStart } from './calendar.ts';

const at = (text: string) => Date.parse(text);

describe('UTC periods', () => {
  it('start inclusive and end where the next one starts', () => {
    expect(dayStart(at('2026-02-28T23:59:59.999Z'))).toBe(at('2026-02-28T00:00:00Z'));
    expect(dayStart(at('2026-03-01T00:00:00Z'))).toBe(at('2026-03-01T00:00:00Z'));
    expect(nextDayStart(at('2026-02-28T12:00:00Z'))).toBe(at('2026-03-01T00:00:00Z'));
  });

  it('know months of any length and the turn of the year', () => {
    expect(monthStart(at('2024-02-29T12:00:00Z'))).toBe(at('2024-02-01T00:00:00Z'));
    expect(nextMonthStart(at('2024-02-29T12:00:00Z'))).toBe(at('2024-03-01T00:00:00Z'));
    expect(nextMonthStart(at('2026-12-31T23:59:59Z'))).toBe(at('2027-01-01T00:00:00Z'));
  });
});
