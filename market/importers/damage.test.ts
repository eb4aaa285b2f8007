/** Files that are damaged, odd or hostile: what can be read is read, the rest is told by its line. */
import { expect, test } from 'vitest';
import { readText } from '../testing/read-text.ts';

const GOOD = '20191216 143000 0030000;8572.25;1';
const HEADED = 'timestamp,price,volume\n';
const line = (text: string) => readText(`${GOOD}\n${GOOD}\n${text}\n${GOOD}\n`).bad;
const named = (cells: string) => readText(`${HEADED}${'2019-12-16T14:30:00Z,10,1\n'.repeat(3)}${cells}\n`).bad;

test('line ends, blank lines and a byte order mark change nothing but the lines’ numbers', () => {
  const plain = readText(`${GOOD}\n${GOOD}\n`);
  expect(readText(`\u00EF\u00BB\u00BF${GOOD}\r\n\r\n\n${GOOD}`).ticks).toEqual(plain.ticks);
  expect(readText(`${GOOD}\n\n\nrubbish\n${GOOD}\n${GOOD}\n`).bad.map(([number]) => number)).toEqual([4]);
});

test('a file is read alike in pieces of any size', () => {
  const text = `${HEADED}${Array.from({ length: 400 }, (_, index) => `${1576506600 + index},${8572 + index / 4},${index}\r\n`).join('')}bad\n`;
  const whole = readText(text);
  expect(whole.ticks).toHaveLength(400);
  for (const pieceBytes of [1, 7, 4_095, 8_192]) expect(readText(text, { pieceBytes })).toEqual(whole);
});

test.each([
  ['20191216 143000 0030000;-8572.25;1', 'price'],
  ['20191216 143000 0030000;NaN;1', 'price'],
  ['20191216 143000 0030000;1e309;1', 'price'],
  ['20191216 143000 0030000;0;1', 'price'],
  ['20191216 143000 0030000;8572.123456789;1', 'price'],
  ['20191216 143000 0030000;99999999999;1', 'price'],
  ['20191216 143000 0030000;8572.25;-1', 'volume'],
  ['20191216 143000 0030000;8572.25;1e309', 'volume'],
  ['20191216 143000 0030000;8572.25;many', 'volume'],
  ['20191316 143000 0030000;8572.25;1', 'time'],
  ['20190230 143000 0030000;8572.25;1', 'time'],
  ['20191216 253000 0030000;8572.25;1', 'time'],
  ['99991216 143000 0030000;8572.25;1', 'time'],
  ['20191216 143000 0030000;8572.25', 'fields'],
  ['20191216 14300', 'fields'],
  ['20191216 143000 0030000;85\u000072.25;1', 'price'],
  ['\u0000\u0000\u0000', 'time'],
])('%j is bad', (text, word) => {
  const bad = line(text);
  expect(bad.map(([number]) => number)).toEqual([3]);
  expect(bad[0]?.[1]).toContain(word);
});

test.each([
  ['2014-02-30T00:00:00Z,10,1', 'time'],
  ['2014-01-01T24:00:00Z,10,1', 'time'],
  ['2014-01-01T10:61:00Z,10,1', 'time'],
  ['1969-12-31T23:59:59Z,10,1', 'time'],
  ['noon,10,1', 'time'],
  [',10,1', 'time'],
  ['2014-01-01T10:00:00Z,,1', 'price'],
  ['2014-01-01T10:00:00Z,10x,1', 'price'],
  ['=HYPERLINK("x"),10,1', 'time'],
])('%j is bad', (text, word) => {
  expect(named(text)[0]?.[1]).toContain(word);
});

test.each([
  ['2019-12-16T14:30:00.003Z', '2019-12-16T14:30:00.003Z'],
  ['2019-12-16T14:30:00.003000001Z', '2019-12-16T14:30:00.003000001Z'],
  ['2019-12-16 14:30:00.003', '2019-12-16T14:30:00.003Z'],
  ['2019.12.16 14:30', '2019-12-16T14:30:00.000Z'],
  ['2019/12/16 14:30:00.003000', '2019-12-16T14:30:00.003Z'],
  ['20191216 143000 0030000', '2019-12-16T14:30:00.003Z'],
  ['2019-12-16T15:30:00.003+01:00', '2019-12-16T14:30:00.003Z'],
  ['2019-12-16T09:30:00.003-0500', '2019-12-16T14:30:00.003Z'],
  ['1998-01-02', '1998-01-02T00:00:00.000Z'],
  ['20191216', '2019-12-16T00:00:00.000Z'],
  ['2020-02-29', '2020-02-29T00:00:00.000Z'],
])('the time %s is understood', (text, at) => {
  expect(readText(`timestamp;price\n${text};10\n`).ticks[0]?.at).toBe(at);
});

test.each(['1576506600.003', '1576506600003', '1576506600003000', '1576506600003000000'])(
  'the epoch time %s is understood',
  (text) => {
    expect(readText(`timestamp,price\n${text},10\n`).ticks[0]?.at).toBe('2019-12-16T14:30:00.003Z');
  },
);

test('no binary fraction touches a price: what was written comes back', () => {
  const texts = [
    '0.00000001',
    '1.39147',
    '0.1',
    '0.30000000',
    '45035996.27370496',
    '70368.744177664',
    '8572.250000000',
  ];
  const { ticks, bad } = readText(`${HEADED}${texts.map((text) => `2019-12-16,${text},1\n`).join('')}`);
  expect(bad).toEqual([[7, 'not a positive price with at most 8 decimals']]);
  const kept = texts.filter((text) => text !== '70368.744177664');
  expect(ticks.map(({ price }) => price)).toEqual(kept.map(Number));
});

test('an endless line is one bad line and is not kept in memory', () => {
  const long = `${','.repeat(3_000_000)}\n`;
  const { ticks, bad } = readText(`${GOOD}\n${GOOD}\n${long}${GOOD}\n`, { pieceBytes: 65_536 });
  expect(ticks).toHaveLength(3);
  expect(bad).toEqual([[3, 'longer than a line may be']]);
});

test('a crossed quote is read as it is, one of a bar is bad', () => {
  expect(readText('timestamp,bid,ask\n2014-05-08 12:00:01,1.3,1.2\n').ticks[0]).toMatchObject({ bid: 1.3, ask: 1.2 });
  const sides = ['bid', 'ask'].flatMap((side) => ['open', 'high', 'low', 'close'].map((name) => `${side}_${name}`));
  const rows = ['1,1,1,1,2,2,2,2', '2,2,2,2,1,1,1,1', '1,1,1,1,2,2,2,2'].map((cells) => `2014-05-08,${cells}\n`);
  expect(readText(`date,${sides}\n${rows.join('')}`).bad).toEqual([[3, 'a bar whose bid is above its ask']]);
});

test('an empty file, one of blanks, and a line of bytes are refused by name, and only what prints is shown', () => {
  expect(() => readText('')).toThrow('the file is empty');
  expect(() => readText('\n \n')).toThrow('the file is empty');
  expect(() => readText('\u0001\u0002;<b>\n1;2\n')).toThrow('no known layout begins with "??;<b>"');
});
