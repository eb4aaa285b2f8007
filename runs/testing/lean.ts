/** What LEAN publishes of its regression algorithms, and the data that they ran over, where both are at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { findInstrument, type Instrument } from '../../domain/instrument.ts';
import type { BarColumns } from '../../market/columns.ts';
import { termsOf } from '../engine/terms.ts';
import { barsOf } from './series.ts';

const truths = new URL('../../../shared/truths/', import.meta.url);
export const hasTruths = existsSync(truths);
export const read = (name: string) => JSON.parse(readFileSync(new URL(name, truths), 'utf8'));
export const unpacked = (name: string): string => gunzipSync(readFileSync(new URL(name, truths))).toString('utf8');

/** LEAN's prices are adjusted for dividends. */
export const FACTOR = hasTruths
  ? Number(/factor ([\d.]+)/.exec(read('lean_spy_buy_and_hold_worked.json').data)?.[1])
  : 1;
/** LEAN keeps a quarter of a percent. */
export const unitsFor = (price: number): number => Math.floor((100_000 * (1 - 0.0025)) / price);
/** A cent on the wire. */
export const CENT = 0.01 * FACTOR;

type Expected = Readonly<Record<string, string>>;
export function expectedOf(algorithm: string): { readonly text: Expected; number(name: string): number } {
  const { algorithms } = read('lean_expected_statistics.json');
  const text = algorithms.find((one: { algorithm: string }) => one.algorithm === algorithm).expected_statistics;
  return { text, number: (name) => Number(text[name].replace(/[$%]/g, '')) };
}

/** Minutes of the session, as rows of a time and prices without the adjustment. */
export const minutesOfSpy = (): readonly (readonly string[])[] =>
  unpacked('../data/SPY_1m_lean_2013-10-07_11.csv.gz')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','))
    // The session alone.
    .filter(([at = '']) => at.slice(11) >= '13:30' && at.slice(11) < '20:00');

/** What shares trade on; the fee in dollars a share, each side. */
export const shares = (commissionPerUnit: number) =>
  termsOf(findInstrument('AAPL') as Instrument, { commissionPerUnit });

/** Up to which day which part of a price of SPY is left when dividends are taken out: of LEAN's factor file, of a later year. */
const DIVIDENDS = `
  20031218 0.7473, 20040318 0.7508311, 20040617 0.753463, 20040916 0.7562133, 20041112 0.7593608, 20041216 0.7616114,
  20050317 0.7652094, 20050616 0.7682154, 20050915 0.7713161, 20051215 0.7745997, 20060316 0.7787058, 20060615 0.7818025,
  20060914 0.7852585, 20061214 0.7887122, 20070315 0.7931044, 20070614 0.7962504, 20070920 0.7996827, 20071220 0.8034767,
  20080319 0.8077407, 20080619 0.8117394, 20080918 0.8157996, 20081218 0.8205217, 20090319 0.8271822, 20090618 0.8331031,
  20090917 0.837809, 20091217 0.8418, 20100318 0.8463321, 20100617 0.8498206, 20100916 0.8538637, 20101216 0.8584349,
  20110317 0.8629498, 20110616 0.8666982, 20110915 0.8709948, 20111215 0.875501, 20120315 0.8810543, 20120614 0.8849152,
  20120920 0.8895006, 20121220 0.894249, 20130314 0.900591, 20130620 0.9046312, 20130919 0.9094242, 20131219 0.9138664,
  20140320 0.9188778, 20140619 0.9229577, 20140918 0.9273944, 20141218 0.9317352, 20150319 0.9368999
`
  .trim()
  .split(',')
  .map((row) => row.trim().split(' '))
  .map(([day = '', factor]) => ({ day, factor: Number(factor) }));

const factorOn = (day: string): number =>
  DIVIDENDS.find((row) => row.day >= day.replaceAll('-', ''))?.factor ?? Number.NaN;

/**
 * Days of SPY as LEAN sees them: adjusted for dividends, to what `FACTOR` says of 2013-12-19. That is by the factors of another year than
 * those of the published figures, which differ behind the sixth digit.
 */
export function daysOfSpy(from: string, before: string): BarColumns {
  const scale = FACTOR / factorOn('2013-12-19');
  const rows = unpacked('../data/SPY_1d_lean.csv.gz')
    .split('\n')
    .filter((row) => row >= from && row < before)
    .map((row) => row.split(','));
  const bars = barsOf(
    rows.map(([day = '', ...prices]) => {
      const [open, high, low, close] = prices.map((price) => Number(price) * factorOn(day) * scale);
      return [open!, high!, low!, close!] as const;
    }),
    86_400_000,
  );
  return { ...bars, startMs: Float64Array.from(rows, ([day]) => Date.parse(`${day}T00:00:00Z`)) };
}
