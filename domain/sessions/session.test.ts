/** Sessions against published calendars, both days on which clocks are moved, and twenty years of real trading days. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isOpen, marketHours, type SessionName, sessionOn } from './session.ts';
import { easter, WRITTEN_ON } from './us-holidays.ts';
import { dayOf, dayText } from './zone.ts';

const at = (text: string) => Date.parse(text);
const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());
const hours = (name: SessionName, text: string) => {
  const { open, tradeDate, changesAt } = marketHours(name, at(text));
  return [open ? 'open' : 'closed', dayText(tradeDate), iso(changesAt)];
};

describe('stocks in New York', () => {
  it('open at half past nine on the wall, before and after the clocks are moved', () => {
    const openings = [dayOf(2026, 3, 6), dayOf(2026, 3, 9), dayOf(2026, 10, 30), dayOf(2026, 11, 2)];
    expect(openings.map((day) => iso(sessionOn('us-equity', day)?.from))).toEqual([
      '2026-03-06T14:30:00.000Z',
      '2026-03-09T13:30:00.000Z',
      '2026-10-30T13:30:00.000Z',
      '2026-11-02T14:30:00.000Z',
    ]);
  });

  it('begin inclusive and end exclusive', () => {
    expect(isOpen('us-equity', at('2026-07-01T13:29:59.999Z'))).toBe(false);
    expect(isOpen('us-equity', at('2026-07-01T13:30:00Z'))).toBe(true);
    expect(isOpen('us-equity', at('2026-07-01T19:59:59.999Z'))).toBe(true);
    expect(isOpen('us-equity', at('2026-07-01T20:00:00Z'))).toBe(false);
  });

  it.each([
    ['2026-11-27', '18:00', 'the day after Thanksgiving'],
    ['2026-12-24', '18:00', 'the day before Christmas'],
    ['2025-07-03', '17:00', 'the day before Independence Day'],
  ])('end early on %s', (day, end) => {
    expect(isOpen('us-equity', at(`${day}T${end}:00Z`) - 1)).toBe(true);
    expect(isOpen('us-equity', at(`${day}T${end}:00Z`))).toBe(false);
  });

  /** NYSE's published holidays of 2026 and 2027. */
  it(`close on the holidays that the rules give, as known on ${WRITTEN_ON}`, () => {
    const closed: string[] = [];
    for (let day = dayOf(2026, 1, 1); day < dayOf(2028, 1, 1); day += 1) {
      const weekday = new Date(day * 86_400_000).getUTCDay();
      if (weekday > 0 && weekday < 6 && !sessionOn('us-equity', day)) closed.push(dayText(day));
    }
    expect(closed).toEqual([
      ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-04-03', '2026-05-25', '2026-06-19', '2026-07-03'],
      ...['2026-09-07', '2026-11-26', '2026-12-25'],
      ...['2027-01-01', '2027-01-18', '2027-02-15', '2027-03-26', '2027-05-31', '2027-06-18', '2027-07-05'],
      ...['2027-09-06', '2027-11-25', '2027-12-24'],
    ]);
  });

  const daily = '../shared/data/SPY_1d_lean.csv.gz';
  if (!existsSync(daily)) console.warn(`real trading days are not compared: ${daily} is not here`);
  it.skipIf(!existsSync(daily))('were open on exactly the days on which SPY traded, 1998 to 2021', () => {
    const lines = gunzipSync(readFileSync(daily)).toString().trim().split('\n').slice(1);
    const traded = lines.map((line) => line.slice(0, 10));
    const expected: string[] = [];
    const last = at(`${traded.at(-1)}T00:00:00Z`) / 86_400_000;
    for (let day = at(`${traded[0]}T00:00:00Z`) / 86_400_000; day <= last; day += 1)
      if (sessionOn('us-equity', day)) expected.push(dayText(day));
    expect(expected).toEqual(traded);
  });
});

describe('futures of Chicago', () => {
  it('trade from five in the evening to four, with an hour of rest', () => {
    expect(hours('cme-index', '2019-12-15T22:59:59Z')).toEqual(['closed', '2019-12-16', '2019-12-15T23:00:00.000Z']);
    expect(hours('cme-index', '2019-12-15T23:00:00.053Z')).toEqual(['open', '2019-12-16', '2019-12-16T22:00:00.000Z']);
    expect(hours('cme-index', '2019-12-16T22:00:00Z')).toEqual(['closed', '2019-12-17', '2019-12-16T23:00:00.000Z']);
    expect(hours('cme-index', '2019-12-20T22:00:00Z')).toEqual(['closed', '2019-12-23', '2019-12-22T23:00:00.000Z']);
  });

  it('keep their hours on the wall when clocks are moved', () => {
    expect(hours('cme-index', '2026-03-08T21:59:00Z')).toEqual(['closed', '2026-03-09', '2026-03-08T22:00:00.000Z']);
    expect(hours('cme-index', '2026-11-01T22:59:00Z')).toEqual(['closed', '2026-11-02', '2026-11-01T23:00:00.000Z']);
  });

  it('halt at noon on most holidays, and are closed on three', () => {
    expect(hours('cme-index', '2026-01-19T12:00:00Z')).toEqual(['open', '2026-01-19', '2026-01-19T18:00:00.000Z']);
    expect(hours('cme-index', '2026-01-19T18:00:00Z')).toEqual(['closed', '2026-01-20', '2026-01-19T23:00:00.000Z']);
    expect(hours('cme-index', '2025-04-17T21:00:00Z')).toEqual(['closed', '2025-04-21', '2025-04-20T22:00:00.000Z']);
    expect(hours('cme-index', '2023-12-25T22:59:00Z')).toEqual(['closed', '2023-12-26', '2023-12-25T23:00:00.000Z']);
    expect(hours('cme-index', '2026-11-27T18:15:00Z')).toEqual(['closed', '2026-11-30', '2026-11-29T23:00:00.000Z']);
  });

  /** Good Friday with the report on employment, Presidents' Day, Juneteenth on a Friday, the day before Independence Day, after Thanksgiving. */
  it.each([
    ['cme-index', ['08:15', '12:00', '12:00', '12:15', '12:15']],
    ['cme-metals', [undefined, '13:30', '12:00', '16:00', '12:45']],
    ['cme-energy', [undefined, '13:30', '12:00', '16:00', '12:45']],
    ['cme-fx', ['10:15', '16:00', '16:00', '16:00', '12:15']],
    ['cme-rates', ['10:15', '12:00', '12:00', '16:00', '12:15']],
  ] as const)('%s keeps the holidays of its product group', (name, ends) => {
    const days = [dayOf(2026, 4, 3), dayOf(2026, 2, 16), dayOf(2026, 6, 19), dayOf(2025, 7, 3), dayOf(2025, 11, 28)];
    const chicago = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Chicago', timeStyle: 'short' });
    const told = days.map((day) => sessionOn(name, day)?.to).map((to) => (to === undefined ? to : chicago.format(to)));
    expect(told).toEqual(ends);
  });

  it('of indices and rates end early, or are none, where stocks rest in mourning', () => {
    const ends = (day: number) =>
      (['cme-index', 'cme-rates', 'cme-metals', 'cme-fx'] as const).map((name) => iso(sessionOn(name, day)?.to));
    const [evening, noon, morning] = ['T22:00:00.000Z', 'T18:15:00.000Z', 'T14:30:00.000Z'];
    const bush = '2018-12-05';
    expect(ends(dayOf(2018, 12, 5))).toEqual([bush + morning, undefined, bush + evening, bush + evening]);
    const carter = '2025-01-09';
    expect(ends(dayOf(2025, 1, 9))).toEqual([carter + morning, carter + noon, carter + evening, carter + evening]);
  });

  it('metals, energy and currencies halted at noon on holidays until 2022', () => {
    for (const name of ['cme-metals', 'cme-energy', 'cme-fx'] as const)
      expect(iso(sessionOn(name, dayOf(2021, 2, 15))?.to)).toBe('2021-02-15T18:00:00.000Z');
  });

  it('all groups rest on New Year and Christmas, and where the clocks are moved keep the wall', () => {
    for (const name of ['cme-index', 'cme-metals', 'cme-energy', 'cme-fx', 'cme-rates'] as const) {
      expect([sessionOn(name, dayOf(2026, 1, 1)), sessionOn(name, dayOf(2025, 12, 25))]).toEqual([
        undefined,
        undefined,
      ]);
      const monday = sessionOn(name, dayOf(2026, 3, 9));
      expect([iso(monday?.from), iso(monday?.to)]).toEqual(['2026-03-08T22:00:00.000Z', '2026-03-09T21:00:00.000Z']);
    }
  });

  const past = [
    ['cme-index', 'ES_1m_lean_2013-2020.csv.gz'],
    ['cme-metals', 'GCZ3_ticks_lean_2013-10-07_09.csv.gz'],
  ] as const;
  it.skipIf(!existsSync('../shared/data')).each(past)('%s were open whenever %s was printed', (name, file) => {
    const lines = gunzipSync(readFileSync(`../shared/data/${file}`))
      .toString()
      .trim()
      .split('\n')
      .slice(1);
    const shut = lines.filter((line) => !isOpen(name, at(line.slice(0, line.indexOf(',')))));
    expect(shut.map((line) => line.slice(0, 60))).toEqual([]);
    expect(lines.length).toBeGreaterThan(19_000);
  });

  const ticks = '../shared/data/NQH0_ticks_2019-12-16.csv.gz';
  it.skipIf(!existsSync(ticks))('were open at every print of a real day', () => {
    const lines = gunzipSync(readFileSync(ticks)).toString().trim().split('\n').slice(1);
    const shut = lines.filter((line) => !isOpen('cme-index', at(line.slice(0, line.indexOf(',')))));
    expect(lines.length).toBeGreaterThan(200_000);
    expect(shut).toEqual([]);
  });
});

describe('currencies and metals', () => {
  it('trade the week through, from Sunday to Friday at five in New York', () => {
    expect(hours('fx-week', '2026-03-08T20:59:59Z')).toEqual(['closed', '2026-03-09', '2026-03-08T21:00:00.000Z']);
    expect(hours('fx-week', '2026-03-08T21:00:00Z')).toEqual(['open', '2026-03-09', '2026-03-13T21:00:00.000Z']);
    expect(hours('fx-week', '2026-03-10T22:00:00Z')).toEqual(['open', '2026-03-11', '2026-03-13T21:00:00.000Z']);
    expect(hours('fx-week', '2026-11-06T21:59:00Z')).toEqual(['open', '2026-11-06', '2026-11-06T22:00:00.000Z']);
  });
  it('rest an hour a day where they are metals, and on two days of the year', () => {
    expect(hours('metal-week', '2026-07-01T21:30:00Z')).toEqual(['closed', '2026-07-02', '2026-07-01T22:00:00.000Z']);
    expect(hours('fx-week', '2026-12-25T12:00:00Z')).toEqual(['closed', '2026-12-28', '2026-12-27T22:00:00.000Z']);
  });
});

it('crypto never closes', () => {
  expect(hours('always', '2026-12-25T12:00:00Z')).toEqual(['open', '2026-12-25', undefined]);
});

it('Easter is where it was', () => {
  const days = [1998, 2008, 2011, 2024, 2025, 2026, 2038].map((year) => dayText(easter(year)));
  expect(days).toEqual([
    ...['1998-04-12', '2008-03-23', '2011-04-24', '2024-03-31', '2025-04-20', '2026-04-05', '2038-04-25'],
  ]);
});
