import { describe, expect, it } from 'vitest';
import { dayOf, instantOf, localTime, ZONES } from './zone.ts';

const at = (text: string) => Date.parse(text);

describe('wall clocks', () => {
  it.each([
    ['America/New_York', '2026-03-08T06:59:00Z', dayOf(2026, 3, 8), 119],
    ['America/New_York', '2026-03-08T07:00:00Z', dayOf(2026, 3, 8), 180],
    ['America/New_York', '2026-11-01T05:30:00Z', dayOf(2026, 11, 1), 90],
    ['America/New_York', '2026-11-01T06:30:00Z', dayOf(2026, 11, 1), 90],
    ['America/Chicago', '2019-12-15T23:00:00.053Z', dayOf(2019, 12, 15), 1_020 + 53 / 60_000],
    ['America/Chicago', '2026-07-01T04:59:59Z', dayOf(2026, 6, 30), 1_439 + 59 / 60],
    ['UTC', '2026-07-01T00:00:00Z', dayOf(2026, 7, 1), 0],
    ['America/New_York', '1998-04-05T07:00:00Z', dayOf(1998, 4, 5), 180],
  ] as const)('%s at %s', (zone, text, day, minute) => {
    const local = localTime(zone, at(text));
    expect(local.day).toBe(day);
    expect(local.minute).toBeCloseTo(minute, 9);
  });

  it('are found again from what they show, on every day of years of the old rules and of the new', () => {
    const wrong: string[] = [];
    for (const zone of ZONES) {
      for (const year of [2006, 2007, 2026, 2027]) {
        for (let day = dayOf(year, 1, 1); day < dayOf(year + 1, 1, 1); day += 1) {
          for (const minute of [0, 570, 1_020]) {
            const again = localTime(zone, instantOf(zone, { day, minute }));
            if (again.day !== day || again.minute !== minute) wrong.push(`${zone} ${day} ${minute}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('show the hour that spring leaves out later, and the hour that comes twice first', () => {
    const spring = { day: dayOf(2026, 3, 8), minute: 150 };
    expect(new Date(instantOf('America/New_York', spring)).toISOString()).toBe('2026-03-08T07:30:00.000Z');
    const autumn = { day: dayOf(2026, 11, 1), minute: 90 };
    expect(new Date(instantOf('America/New_York', autumn)).toISOString()).toBe('2026-11-01T05:30:00.000Z');
  });
});
