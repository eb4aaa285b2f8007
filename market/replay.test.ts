/** Files as streams of quotes: layouts, gzip, bad lines, positions that resume, and the real samples where they are at hand. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { Quote } from '../messages/market.ts';
import { countLines } from './importers/file-bytes.ts';
import { openReplay, parseReplaySpec, type Replay, type ReplayedQuote } from './replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'pitwall-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all(replay: Replay, after = 0): Promise<ReplayedQuote[]> {
  const found: ReplayedQuote[] = [];
  for await (const next of replay.quotes(after)) found.push(next);
  return found;
}

const open = (spec: string): Replay => openReplay(parseReplaySpec(spec));
const prices = (found: readonly ReplayedQuote[]): number[][] => found.map(({ quote }) => [quote.bid, quote.ask]);

test('the instrument comes from the name up to the first underscore, or from behind the mark', () => {
  expect(parseReplaySpec('/data/EURUSD_ticks.csv.gz').instrument.symbol).toBe('EURUSD');
  expect(parseReplaySpec('/data/ticks.csv#EUR_USD')).toMatchObject({
    path: '/data/ticks.csv',
    instrument: { symbol: 'EURUSD' },
  });
  expect(parseReplaySpec('/data/NQH0_x.csv').instrument.symbol).toBe('NQH0');
  expect(() => parseReplaySpec('/data/foo.csv')).toThrow('"foo" is not a known instrument');
});

test('quotes and prints are read from plain and gzip files alike', async () => {
  const ticks =
    'timestamp,bid,ask\n2014-05-08T05:00:17.007Z,1.39147,1.39148\n2014-05-08T05:00:17.264Z,1.39147,1.39149\n';
  const plain = await all(open(file('EURUSD_a.csv', ticks)));
  const zipped = await all(open(file('EURUSD_b.csv.gz', gzipSync(ticks))));
  expect(zipped).toEqual(plain);
  expect(plain[1]).toEqual({
    position: 2,
    quote: {
      ...{
        type: 'market.quote',
        at: Date.UTC(2014, 4, 8, 5, 0, 17, 264),
        symbol: 'EURUSD',
        bid: 1.39147,
        ask: 1.39149,
      },
      ...{ last: (1.39147 + 1.39149) / 2, volume: 0, simulated: false },
    } satisfies Quote,
  });
  const prints = await all(open(file('NQH0_p.csv', 'Date;Time;Last;Size\r\n2019-12-16;14:30:00.003;8572.25;4\r\n')));
  expect(prints[0]?.quote).toMatchObject({ bid: 8572.25, ask: 8572.25, last: 8572.25, volume: 4 });
});

test('bad lines are counted with their numbers and give no quote', async () => {
  const lines = [
    'timestamp,bid,ask',
    '2014-05-08T05:00:17Z,1.1,1.2',
    'rubbish',
    '2014-05-08T05:00:18Z,1.3,1.2',
    '2014-05-08T05:00:19Z,,1.2',
  ];
  const replay = open(file('EURUSD_bad.csv', `${lines.join('\n')}\n2014-05-08T05:00:20Z,1.1,1.2`));
  // A crossed quote is read as it is: the reasonability filter drops and counts it.
  expect(await all(replay)).toHaveLength(3);
  expect(replay.badLines.count).toBe(2);
  expect(replay.badLines.shown.map(({ line }) => line)).toEqual([3, 5]);
});

test('a bar becomes four quotes inside its own time, with its own bid and ask', async () => {
  const header = 'timestamp,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close';
  const bars = ['2014-05-01T00:00:00Z,10,14,9,12,11,15,10,13', '2014-05-01T00:01:00Z,12,12,8,9,13,13,9,10'];
  const found = await all(open(file('EURUSD_bars.csv', `${header}\n${bars.join('\n')}\n`)));
  expect(prices(found)).toEqual([
    ...[
      [10, 11],
      [9, 10],
      [14, 15],
      [12, 13],
    ],
    ...[
      [12, 13],
      [12, 13],
      [8, 9],
      [9, 10],
    ],
  ]);
  const start = Date.UTC(2014, 4, 1);
  expect(found.map(({ quote }) => (quote.at as number) - start)).toEqual([
    0, 15e3, 30e3, 45e3, 60e3, 75e3, 90e3, 105e3,
  ]);
});

test('the last price of a bar is the mid in whole units, as in a backtest', async () => {
  const header = 'timestamp,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close';
  const bar = '2014-05-01T00:00:00Z,1.1,1.1,1.1,1.1,1.3,1.3,1.3,1.3';
  const found = await all(open(file('EURUSD_mids.csv', `${header}\n${bar}\n`)));
  expect(new Set(found.map(({ quote }) => quote.last))).toEqual(new Set([1.2]));
});

test('resuming behind a position gives exactly the quotes after it', async () => {
  const rows = Array.from(
    { length: 50 },
    (_, index) => `${1576506600 + 60 * index},${100 + index},${104 + index},${99 + index},${101 + index}`,
  );
  const path = file('ES_bars.csv', `time,open,high,low,close\n${rows.join('\n')}`);
  const whole = await all(open(path));
  expect(whole).toHaveLength(200);
  for (const after of [1, 77, 199, 200]) expect(await all(open(path), after)).toEqual(whole.slice(after));
});

test('a file without a known layout, a missing file and a torn gzip are told by an error', async () => {
  await expect(all(open(file('EURUSD_x.csv', 'a,b,c\n1,2,3\n')))).rejects.toThrow('no known layout');
  await expect(all(open(join(folder, 'EURUSD_none.csv')))).rejects.toThrow('ENOENT');
  const torn = gzipSync(`timestamp,bid,ask\n${'2014-05-08T05:00:17Z,1.1,1.2\n'.repeat(1_000)}`).subarray(0, 60);
  await expect(all(open(file('EURUSD_torn.csv.gz', torn)))).rejects.toThrow('unexpected end of file');
});

const samples = new URL('../../shared/data/', import.meta.url);
test.skipIf(!existsSync(samples)).each([
  ['EURUSD_ticks_oanda_2014-05-01.csv.gz', 24_179],
  ['EURUSD_1m_oanda_2018-04-03_04.csv.gz', 4 * 2_818],
  ['SPY_1m_lean_2013-10-07_11.csv.gz', 4 * 4_128],
  ['AAPL_1d_lean.csv.gz', 4 * 5_849],
  ['ES_1m_lean_2013-2020.csv.gz', 4 * 19_083],
  ['EURUSD_15m_smc.csv.gz', 4 * 24_424],
])('the real sample %s is read to its last line', async (name, quotes) => {
  const path = new URL(name, samples).pathname;
  const replay = open(path);
  let count = 0;
  let newest = 0;
  for await (const { quote } of replay.quotes(0)) {
    count += 1;
    expect(quote.at as number).toBeGreaterThanOrEqual(newest);
    newest = quote.at as number;
  }
  expect(replay.badLines.shown).toEqual([]);
  expect(count).toBe(quotes);
  expect(replay.line()).toBe(await countLines(path));
});

test('who goes on where the last reading ended goes on in it; who begins elsewhere reads the file anew', async () => {
  const rows = Array.from({ length: 40_000 }, (_, row) => `${Date.UTC(2014, 4, 8) + row},1.${1000 + (row % 900)},1.2`);
  const path = file('EURUSD_long.csv', `timestamp,bid,ask\n${rows.join('\n')}\n`);
  const whole = await all(open(path));
  const replay = open(path);
  const taken = async (after: number, until?: number): Promise<ReplayedQuote[]> => {
    const found: ReplayedQuote[] = [];
    for await (const next of replay.quotes(after, until)) found.push(next);
    return found;
  };
  expect(await taken(0, 30_000)).toEqual(whole.slice(0, 30_000));
  expect(replay.line()).toBe(30_001);
  // Nobody opens it a second time.
  rmSync(path);
  expect(await taken(30_000)).toEqual(whole.slice(30_000));
  await expect(taken(0)).rejects.toThrow('ENOENT');
  file('EURUSD_long.csv', `timestamp,bid,ask\n${rows.join('\n')}\n`);
  expect(await taken(0, 10)).toEqual(whole.slice(0, 10));
  expect(await taken(20, 30)).toEqual(whole.slice(20, 30));
  for await (const { position } of replay.quotes(30)) if (position === 35) break;
  expect(await taken(35, 40)).toEqual(whole.slice(35, 40));
});
