/** Every layout is recognised by its content alone, and its lines mean what its writer meant. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type ReadTick, readText } from '../testing/read-text.ts';

const print = (at: string, price: number, volume: number): ReadTick => ({ at, price, bid: price, ask: price, volume });

const NQ = print('2019-12-16T14:30:00.003Z', 8572.25, 1);
const quote = (at: string, bid: number, ask: number): ReadTick => ({ at, price: bid, bid, ask, volume: 0 });

const TICKS: readonly (readonly [layout: string, text: string, first: ReadTick])[] = [
  [
    'NinjaTrader ticks',
    '20191216 143000 0030001;8572.25;8572;8572.5;1\r\n',
    { ...NQ, at: '2019-12-16T14:30:00.003000100Z', bid: 8572, ask: 8572.5 },
  ],
  ['NinjaTrader ticks', '20191216 143000 0030000;8572.25;1\r\n', NQ],
  ['NinjaTrader ticks', '20191216 143000;8572.25;1\n', { ...NQ, at: '2019-12-16T14:30:00.000Z' }],
  ['NinjaTrader ticks', '20191216 143000 0030000;8572.25;0;0;1\n', NQ],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,1\n', NQ],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,8572,8572.5,1\n', { ...NQ, bid: 8572, ask: 8572.5 }],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,8572,12000,1\n', { ...NQ, bid: 8572, ask: 12_000 }],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,2,5,7\n', { ...NQ, volume: 2 }],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,2,4711000,7\n', { ...NQ, volume: 2 }],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,1,E\n', NQ],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,1,E,0\n', NQ],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,1,E,,X\n', NQ],
  ['Kibot or Tick Data ticks', '12/16/2019,14:30:00.003,8572.25,1,E,0,X,4711\n', NQ],
  ['columns by shape', '12/16/2019,14:30:00.003,1.1,1.105\n', quote('2019-12-16T14:30:00.003Z', 1.1, 1.105)],
  ['ANFutures ticks', 'NQH0,191216,083000,8572.25,1\n', { ...NQ, at: '2019-12-16T14:30:00.000Z' }],
  ['ANFutures ticks', 'NQU9,190716,083000,8572.25,1\n', { ...NQ, at: '2019-07-16T13:30:00.000Z' }],
  ['HistData', '20140508 120000123,1.39147,1.39149,0\n', quote('2014-05-08T17:00:00.123Z', 1.39147, 1.39149)],
  [
    'Dukascopy ticks',
    '2014-05-08 12:00:00.123,1.39149,1.39147,1.5,0.75\n',
    quote('2014-05-08T12:00:00.123Z', 1.39147, 1.39149),
  ],
  [
    'Sierra Chart',
    'Date, Time, Open, High, Low, Last, Volume\n2019/12/16, 14:30:00.003000, 8572.25, 8572.25, 8572.25, 8572.25, 1\n',
    NQ,
  ],
  [
    'Sierra Chart',
    'Date, Time, Open, High, Low, Last, Volume\n2019/12/16, 14:30:00.003000, 0, 8572.5, 8572, 8572.25, 1\n',
    { ...NQ, bid: 8572, ask: 8572.5 },
  ],
  ['columns by name', 'timestamp,price,size\n1576506600003,8572.25,1\n', NQ],
  [
    'columns by name',
    'time,ask,bid,ask_volume,bid_volume\n2014-05-08 12:00:00.123,1.2,1.1,3,4\n',
    quote('2014-05-08T12:00:00.123Z', 1.1, 1.2),
  ],
  [
    'columns by name',
    'Gmt time,Ask,Bid,AskVolume,BidVolume\n08.05.2014 12:00:00.123,1.2,1.1,3,4\n',
    quote('2014-05-08T12:00:00.123Z', 1.1, 1.2),
  ],
  ['columns by name', '"timestamp";"price"\n"2019-12-16T14:30:00.003Z";"8572.25"\n', { ...NQ, volume: 0 }],
  ['columns by shape', '2019-12-16T15:30:00.003+01:00\t8572.25\t1\n', NQ],
  ['columns by shape', 'EUR/USD,20140508 12:00:00.123,1.1,1.105\n', quote('2014-05-08T12:00:00.123Z', 1.1, 1.105)],
  ['columns by shape', '1576506600.003,8572.25,1\n', NQ],
  ['columns by shape', '1576506600003000,8572.25,8572,8572.5,1\n', { ...NQ, bid: 8572, ask: 8572.5 }],
  [
    'Tardis',
    'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nx,y,1576506600003001,1,1,buy,7000.5,0.00012345\n',
    print('2019-12-16T14:30:00.003001000Z', 7000.5, 0.00012345),
  ],
  [
    'Tardis',
    'exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\nx,y,1576506600003000,1,2,1.2,1.1,3\n',
    quote('2019-12-16T14:30:00.003Z', 1.1, 1.2),
  ],
];

test.each([
  ['what may be a wide bid and ask, or a volume and a number of its own', '12/16/2019,14:30:00.003,100,95,140,1\n'],
  ['what may be a bid and a wide ask, or two sides with volumes', '1576506600003000,100,99.5,140,1\n'],
])('%s is not guessed at', (_, line) => {
  expect(() => readText(line.repeat(3))).toThrow('no known layout begins with');
});

test.each(TICKS)('%s: %j', (layout, text, first) => {
  const read = readText(text);
  expect(read.layout).toBe(layout);
  expect(read.bad).toEqual([]);
  expect(read.ticks).toEqual([first]);
});

test('Databento: only trades count, in ISO or nanoseconds, with decimal prices or whole billionths', () => {
  const header = 'ts_recv,ts_event,action,side,price,size';
  const stamp = '2019-12-16T14:30:00.003000007Z';
  const pretty = readText(`${header}\n${stamp},${stamp},T,N,8572.250000000,1\n${stamp},${stamp},A,N,,\n`);
  expect(pretty.ticks).toEqual([{ ...NQ, at: stamp }]);
  expect(pretty.bad).toEqual([]);
  const raw = readText(`${header}\n1576506600003000007,1576506600003000007,T,N,8572250000000,1\n`);
  expect(raw.ticks).toEqual([{ ...NQ, at: stamp }]);
});

test('MarketTick: a print carries the quotes that stood, and changes of quotes are no ticks', () => {
  const at = (micros: string): string => `20191216143000${micros}`;
  const lines = [
    `${at('003000')};1;2;8572.25;1`,
    `${at('003001')};1;0;8572;5`,
    `${at('003002')};1;1;8572.5;5`,
    `${at('003003')};1;2;8572.5;2`,
  ];
  const read = readText(`${lines.join('\n')}\n`);
  expect(read.ticks).toEqual([
    NQ,
    { at: '2019-12-16T14:30:00.003003000Z', price: 8572.5, bid: 8572, ask: 8572.5, volume: 2 },
  ]);
  expect(read.bad).toEqual([]);
});

test('MetaTrader 5 ticks: an empty cell means unchanged', () => {
  const rows = [
    '2014.05.08\t12:00:00.123\t1.1\t1.2\t\t\t6',
    '2014.05.08\t12:00:00.200\t\t1.3\t\t\t4',
    '2014.05.08\t12:00:01.000\t1.15\t\t1.25\t3\t8',
  ];
  const read = readText(`<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\n${rows.join('\n')}\n`);
  expect(read.ticks.map(({ price, bid, ask, volume }) => [price, bid, ask, volume])).toEqual([
    [1.1, 1.1, 1.2, 0],
    [1.1, 1.1, 1.3, 0],
    [1.25, 1.15, 1.3, 3],
  ]);
});

test('Nanotick: a price counts times its display factor', () => {
  const header =
    'RecvDate,RecvTime,SendDate,SendTime,Seq,SecurityID,Symbol,Asset,Group,EntryType,EntryPrice,EntrySize,DisplayFactor';
  const row = (type: number, price: number): string =>
    `20191216,143000003000007,x,x,1,2,NQH0,NQ,G,${type},${price},3,0.01`;
  const read = readText(`${[header, row(0, 857200), row(1, 857250), row(2, 857225)].join('\n')}\n`);
  expect(read.ticks).toEqual([
    { at: '2019-12-16T14:30:00.003000007Z', price: 8572.25, bid: 8572, ask: 8572.5, volume: 3 },
  ]);
});

describe('bars', () => {
  const ohlc = { open: 10_0000_0000, high: 14_0000_0000, low: 9_0000_0000, close: 12_0000_0000 };
  test.each([
    ['NinjaTrader minutes', '20191216 143100;10;14;9;12;5\r\n', '2019-12-16T14:30:00.000Z', 5],
    ['HistData', '20191216 093000;10;14;9;12;0\n', '2019-12-16T14:30:00.000Z', 0],
    ['columns by shape', '12/16/2019,14:30,10,14,9,12,5\n', '2019-12-16T14:30:00.000Z', 5],
    ['MetaTrader', '2019.12.16,14:30,10,14,9,12,5\n', '2019-12-16T14:30:00.000Z', 5],
    ['columns by shape', '2019-12-16 14:30:00,10,14,9,12,5\n', '2019-12-16T14:30:00.000Z', 5],
    [
      'columns by name',
      'Date,Open,High,Low,Close,Tickvol,Volume,Spread\n2019.12.16 14:30:00,10,14,9,12,7,5,2\n',
      '2019-12-16T14:30:00.000Z',
      5,
    ],
    [
      'Sierra Chart',
      'Date, Time, Open, High, Low, Last, Volume\n2019/12/16, 14:30:00, 10, 14, 9, 12, 5\n',
      '2019-12-16T14:30:00.000Z',
      5,
    ],
  ])('%s: %j', (layout, text, start, volume) => {
    const read = readText(text);
    expect(read.layout).toBe(layout);
    expect(read.bars).toEqual([{ startMs: Date.parse(start), bid: ohlc, ask: ohlc, volume }]);
  });

  test('whose prices do not hold together are bad', () => {
    const lines = ['20191216 143100;10;14;9;12;5', '20191216 143200;10;11;9;12;5', '20191216 143300;10;14;9;12;5'];
    expect(readText(`${lines.join('\n')}\n`).bad).toEqual([[2, "a bar's high and low do not hold its other prices"]]);
  });
});

test('minutes that NinjaTrader stamps at their end are taken as stamped at their start where the caller says so', () => {
  const lines = `20191216 143100;10;14;9;12;5\n20191216 143200;10;14;9;12;5\n`;
  const first = (stampsStart?: boolean) => new Date(readText(lines, { stampsStart }).bars[0]!.startMs).toISOString();
  expect(first()).toBe('2019-12-16T14:30:00.000Z');
  expect(first(true)).toBe('2019-12-16T14:31:00.000Z');
  expect(readText('20191216 143000 0030000;8572.25;1\n', { stampsStart: true }).ticks[0]?.at).toBe(NQ.at);
});

test('Tardis: changes of an order book are the quotes at its top, one for all changes of an instant', () => {
  const header = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount';
  const level = (micros: number, side: 'bid' | 'ask', price: number, amount: number, isSnapshot = false): string =>
    `x,y,${1576506600003000 + micros},1,${isSnapshot},${side},${price},${amount}`;
  const read = readText(
    `${[
      header,
      ...[level(0, 'bid', 99, 1, true), level(0, 'bid', 100, 1, true), level(0, 'ask', 103, 1, true)],
      level(0, 'ask', 102, 2, true),
      // Deep in the book, or only another amount: the top stays.
      ...[level(1, 'bid', 98, 5), level(2, 'ask', 102, 1)],
      ...[level(3, 'ask', 102, 0), level(3, 'bid', 101, 1)],
      level(4, 'bid', 101, 0),
      // A new snapshot replaces what was known.
      ...[level(5, 'bid', 90, 1, true), level(5, 'ask', 91, 1, true)],
    ].join('\n')}\n`,
  );
  const at = (micros: number): string => `2019-12-16T14:30:00.003${micros === 0 ? '' : `00${micros}000`}Z`;
  expect([read.layout, read.kind, read.bad]).toEqual(['Tardis', 'quotes', []]);
  expect(read.ticks).toEqual([
    quote(at(0), 100, 102),
    quote(at(3), 101, 103),
    quote(at(4), 100, 103),
    quote(at(5), 90, 91),
  ]);
});

test('Tardis: a book that is torn says nothing of what is missing, and bad levels are told', () => {
  const header = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount';
  const rows = [
    '1,1,true,bid,100,1',
    '1,1,true,ask,-1,1',
    '1,1,true,ask,102,x',
    '2,1,false,bid,101,1',
    '3,1,false,bid,99,1',
  ];
  const read = readText(`${[header, ...rows.map((row) => `x,y,157650660000300${row}`)].join('\n')}\n`);
  expect(read.ticks).toEqual([]);
  expect(read.bad.map(([line]) => line)).toEqual([3, 4]);
});

test('a bid far from its price is not taken for one, and no volume either: the file is refused', () => {
  expect(() => readText('12/16/2019,14:30:00.003,100.25,80.25,140.5,3\n')).toThrow('no known layout');
  expect(() => readText('2019-12-16,14:30:00.003,100.25,2,2.01,7\n')).toThrow('no known layout');
});

describe('a file that names its instrument', () => {
  const DATABENTO = 'ts_event,instrument_id,action,price,size,symbol';
  const stamp = (second: number): string => `2019-12-16T14:30:0${second}.000000000Z`;
  test.each([
    ['Databento', [DATABENTO, `${stamp(0)},1,T,100,1,NQH0`, `${stamp(1)},1,T,50,1,ESH0`]],
    [
      'an exchange number',
      ['ts_event,instrument_id,action,price,size', `${stamp(0)},NQH0,T,100,1`, `${stamp(1)},ESH0,T,50,1`],
    ],
    [
      'Tardis',
      [
        'exchange,symbol,timestamp,local_timestamp,price,amount',
        'x,NQH0,1576506600003001,1,1,1',
        'x,ESH0,1576506600003001,1,1,1',
      ],
    ],
    [
      'Nanotick',
      [
        'RecvDate,RecvTime,Symbol,EntryType,EntryPrice,EntrySize,DisplayFactor',
        '20191216,143000003000007,NQH0,2,1,1,1',
        '20191216,143000003000007,ESH0,0,1,1,1',
      ],
    ],
    ['columns by name', ['symbol,timestamp,price', 'NQH0,1576506600003,100', '"ESH0",1576506600003,100']],
    ['bars', ['timestamp,open,high,low,close,symbol', '1576506600000,1,1,1,1,NQH0', '1576506660000,1,1,1,1,ESH0']],
  ])('is refused at a second one: %s', (_, lines) => {
    expect(() => readText(lines.join('\n'))).toThrow('line 3 is of "ESH0", those before it of "NQH0"');
  });

  test('without a header too', () => {
    expect(() => readText('NQH0,191216,083000,100,1\nESH0,191216,083000,50,1\n')).toThrow('line 2 is of "ESH0"');
    expect(() =>
      readText('EUR/USD,20140508 12:00:00.123,1.1,1.105\nEUR/GBP,20140508 12:00:00.123,0.8,0.801\n'),
    ).toThrow('EUR/GBP');
  });

  test('may change the number of its symbol, and a line that says nothing or is bad refuses nothing', () => {
    const lines = [
      `${stamp(0)},1,T,100,1,NQH0`,
      `${stamp(1)},2,T,101,1,NQH0`,
      `${stamp(2)},3,A,,,ESH0`,
      `${stamp(3)},1,T,-1,1,?`,
    ];
    const { ticks, bad } = readText(`${[DATABENTO, ...lines].join('\n')}\n`);
    expect([ticks.map(({ price }) => price), bad.map(([line]) => line)]).toEqual([[100, 101], [5]]);
  });

  test('is refused far behind what was looked at first', () => {
    const row = (second: number, name: string): string => `${1576506600 + second},100,${name}`;
    const lines = Array.from({ length: 2_000 }, (_, second) => row(second, second === 1_900 ? 'ESH0' : 'NQH0'));
    expect(() => readText(`timestamp,price,ticker\n${lines.join('\n')}`, { pieceBytes: 1_000 })).toThrow('line 1902');
  });

  test('may go on to the next contract, but neither back nor to an earlier time', () => {
    const read = (...rows: string[]) =>
      readText(`timestamp,contract,price\n${rows.map((row) => `15765066${row},100\n`).join('')}`);
    expect(read('00,ESZ9', '01,ESZ9', '01,ESH0', '02,ESH0').ticks).toHaveLength(4);
    expect(() => read('00,ESZ9', '01,ESH0', '02,ESZ9')).toThrow('line 4 is of "ESZ9", those before it of "ESH0"');
    expect(() => read('00,ESZ9', '02,ESZ9', '01,ESH0')).toThrow('line 4 is of "ESH0"');
  });
});

test('columns without a price are no layout', () => {
  expect(() =>
    readText('exchange,symbol,timestamp,local_timestamp,is_snapshot,side\nx,y,1576506600003001,1,true,bid\n'),
  ).toThrow('no known layout');
  expect(() => readText('timestamp,name\n1576506600003,x\n')).toThrow('no known layout');
  expect(() => readText('1,2,3\n4,5,6\n')).toThrow('no known layout');
});

test('a known header whose lines have another form is refused with the first of them and what is wrong with it', () => {
  expect(() => readText('date;time;price;volume\n16.12.2019;10:00:00;8534,25;1\n')).toThrow(
    'no known layout begins with "date;time;price;volume": this header is known, but most lines behind it can\'t be read, first "16.12.2019;10:00:00;8534,25;1": not a positive price',
  );
  expect(() => readText('timestamp,price\n2019-12-16T10:00:00Z,-8\n2019-12-16T10:00:01Z,0\n')).toThrow(
    'first "2019-12-16T10:00:00Z,-8": not a positive price',
  );
});

test('a zone that the caller knows counts instead of the layout, with summer and winter', () => {
  const at = (text: string, zone: 'America/New_York' | 'America/Chicago' | 'EST'): string | undefined =>
    readText(text, { zone }).ticks[0]?.at;
  expect(at('12/16/2019,09:30:00.003,8572.25,1\n', 'America/New_York')).toBe(NQ.at);
  expect(at('12/16/2019,08:30:00.003,8572.25,1\n', 'America/Chicago')).toBe(NQ.at);
  expect(at('07/16/2019,09:30:00,8572.25,1\n', 'America/New_York')).toBe('2019-07-16T13:30:00.000Z');
  expect(at('07/16/2019,09:30:00,8572.25,1\n', 'EST')).toBe('2019-07-16T14:30:00.000Z');
});

const shared = new URL('../../../shared/data/', import.meta.url);
const hasShared = existsSync(shared);
if (!hasShared) console.warn('the real files are not beside this checkout: what needs them is skipped');
const real = (name: string): Buffer => {
  const bytes = readFileSync(new URL(name, shared));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
};

describe.skipIf(!hasShared)('real files', () => {
  test('one and the same trades in every layout are the same ticks, each in the zone of its writer', () => {
    const reference = readText(real('layouts/databento_trades_NQH0.csv')).ticks;
    expect(reference.length).toBeGreaterThan(100);
    const names = readdirSync(new URL('layouts/', shared));
    expect(names).toHaveLength(7);
    for (const name of names) {
      const zone = name.startsWith('kibot')
        ? 'America/New_York'
        : name.startsWith('tickdata')
          ? 'America/Chicago'
          : undefined;
      const { ticks, bad } = readText(real(`layouts/${name}`), zone ? { zone } : {});
      const compared = Math.min(ticks.length, reference.length);
      const seconds = name.startsWith('ninjatrader7');
      const plain = (tick: ReadTick) => [seconds ? tick.at.slice(0, 19) : tick.at, tick.price, tick.volume];
      expect(bad, name).toEqual([]);
      expect(ticks.slice(0, compared).map(plain), name).toEqual(reference.slice(0, compared).map(plain));
    }
  });

  test.each([
    ['NQH0_ticks_2019-12-16.csv.gz', 213_295],
    ['GCZ3_ticks_lean_2013-10-07_09.csv.gz', 156_452],
    ['EURUSD_ticks_fxcm_2014-05-08.csv.gz', 167_466],
    ['EURUSD_ticks_oanda_2014-05-01.csv.gz', 24_179],
  ])('%s: every line is a tick, and its header can be missing', (name, count) => {
    const bytes = real(name);
    const read = readText(bytes);
    expect(read.bad).toEqual([]);
    expect(read.ticks).toHaveLength(count);
    const bare = readText(bytes.subarray(bytes.indexOf(10) + 1), { pieceBytes: 100_003 });
    expect(bare.layout).toBe('columns by shape');
    expect(bare.ticks).toEqual(read.ticks);
  });
});
