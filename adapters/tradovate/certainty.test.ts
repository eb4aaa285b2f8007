/** When "not found" means "never had", in simulated time; and which symbols, pairs, prices and frames are understood. */
import { describe, expect, test } from 'vitest';
import { HandedOver, tradeDateBegan } from './certainty.ts';
import { ClientIds } from './client-ids.ts';
import { parseFrame, requestFrame } from './frames.ts';
import { Mirror } from './mirror.ts';
import { priceText, reportOf } from './report.ts';
import { parsePairs, parseSymbols, Symbols } from './symbols.ts';

const iso = (text: string): number => Date.parse(text);
const idAt = (at: number): string => {
  const hex = at.toString(16).padStart(12, '0');
  return `trade-${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
};

describe('a trade date', () => {
  test.each([
    ['2026-11-20T22:30:00Z', '2026-11-19T23:00:00.000Z'],
    ['2026-11-20T23:00:00Z', '2026-11-20T23:00:00.000Z'],
    ['2026-07-01T21:59:00Z', '2026-06-30T22:00:00.000Z'],
    ['2026-03-08T12:00:00Z', '2026-03-07T23:00:00.000Z'],
    ['2026-03-08T23:00:00Z', '2026-03-08T22:00:00.000Z'],
  ])('at %s began at %s', (at, began) => expect(new Date(tradeDateBegan(iso(at))).toISOString()).toBe(began));
});

describe('an order that is not found', () => {
  const now = iso('2026-11-20T18:00:00Z');
  const handedOver = new HandedOver({ arrivalMaxMs: 65_000, openedAt: 1_000 });

  test('is in doubt until its request can no longer arrive', () => {
    handedOver.note('a', 10_000);
    expect(handedOver.doubt('a', 74_999, now)).toContain('for 1 s');
    expect(handedOver.doubt('a', 75_000, now)).toBeUndefined();
  });
  test('of an earlier life is in doubt from the start of this one', () => {
    expect(handedOver.doubt('b', 65_999, now, now)).toContain('may still arrive');
    expect(handedOver.doubt('b', 66_000, now, now)).toBeUndefined();
  });
  test.each(['trade-run-7-3', `${idAt(now)}-4`, 'trade-close-agent-1-NQ-1'])(
    'is in doubt for ever when neither %s nor anybody says when it was given, unless this life handed it over in this trade date',
    (id) => {
      const [before, after] = [iso('2026-11-19T22:59:59Z'), iso('2026-11-19T23:00:01Z')];
      const mine = new HandedOver({ arrivalMaxMs: 65_000, openedAt: 0 });
      expect(mine.doubt(id, 1e9, now)).toContain('trade date');
      expect(mine.doubt(id, 1e9, now, before)).toContain('trade date');
      expect(mine.doubt(id, 1e9, now, after)).toBeUndefined();
      mine.note(id, 1e9 - (now - before));
      expect(mine.doubt(id, 1e9, now)).toContain('trade date');
      mine.note(id, 1e9 - (now - after));
      expect(mine.doubt(id, 1e9, now)).toBeUndefined();
    },
  );
  test('is in doubt for ever when it is older than the trade date that Tradovate lists', () => {
    expect(handedOver.doubt(idAt(iso('2026-11-19T22:59:59Z')), 1e9, now)).toContain('trade date');
    expect(handedOver.doubt(idAt(iso('2026-11-19T23:00:01Z')), 1e9, now)).toBeUndefined();
  });
});

describe('a client order id', () => {
  test('that fits is left alone; a longer one, or one that looks like a hash, gets its hash, always the same', () => {
    const ids = new ClientIds();
    expect(ids.toVenue(idAt(0))).toBe(idAt(0));
    const long = 'é'.repeat(10);
    expect(ids.toVenue(long)).toBe(new ClientIds().toVenue(long));
    expect(ids.toOurs(ids.toVenue(long))).toBe(long);
    expect(new ClientIds().toOurs(ids.toVenue(long))).toBeUndefined();
    const lookalike = ids.toVenue(long);
    expect(ids.toOurs(ids.toVenue(lookalike))).toBe(lookalike);
  });
});

describe('pairs', () => {
  test('are read, and refused with the pair that is wrong', () => {
    expect([...parsePairs(' a=b , c=d,')]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    for (const text of ['a', 'a=', '=b', 'a=b=c']) expect(() => parsePairs(text)).toThrow('no ours=theirs');
    for (const text of ['a=b,a=c', 'a=c,b=c']) expect(() => parsePairs(text)).toThrow('twice');
  });
  test('of symbols name a contract of the same future, as Tradovate writes it', () => {
    expect(parseSymbols('NQ=NQZ6,MNQZ26=MNQZ6').size).toBe(2);
    for (const text of ['NQ=ESZ6', 'NQ=NQZ26', 'EURUSD=6EZ6', 'NQ=NQ']) expect(() => parseSymbols(text)).toThrow(text);
  });
  test('make one spelling a contract', () => {
    const symbols = new Symbols(parseSymbols('NQ=NQZ6'));
    expect(symbols.contractOf('NQ')).toEqual({ contract: 'NQZ6' });
    expect(symbols.contractOf('NQZ6')).toEqual({ refused: 'NQZ6 is traded here as NQ' });
    expect(symbols.contractOf('ESZ6')).toEqual({ contract: 'ESZ6' });
    expect(symbols.contractOf('AAPL')).toMatchObject({ refused: expect.stringContaining('no future') });
    expect([symbols.symbolOf('NQZ6'), symbols.symbolOf('ESZ6')]).toEqual(['NQ', 'ESZ6']);
  });
});

describe('prices', () => {
  test.each([
    ['NQZ6', 21000.249999999996, '21000.25'],
    ['6EZ6', 1.1600500000000002, '1.16005'],
    ['ZNZ6', 112.515625, '112.515625'],
    ['GCZ6', 4000.1000000000004, '4000.1'],
    ['CLF7', -37.63, '-37.63'],
  ])('of %s arrive on its ticks: %d is %s', (contract, number, text) => expect(priceText(contract, number)).toBe(text));
});

describe('frames', () => {
  test('are told apart, and what is none is not guessed at', () => {
    expect(parseFrame('o')).toEqual({ kind: 'open' });
    expect(parseFrame('h')).toEqual({ kind: 'heartbeat' });
    expect(parseFrame('c[3000,"Go away!"]')).toEqual({ kind: 'close', reason: '3000 Go away!' });
    expect(parseFrame('a[{"s":200,"i":0},{"e":"props","d":1}]')).toMatchObject({
      messages: [{ s: 200, i: 0 }, { e: 'props' }],
    });
    for (const text of ['', 'a', 'a{}', 'a[', 'a[1]', 'x[]', 'open'])
      expect(parseFrame(text)).toEqual({ kind: 'unknown' });
    expect(requestFrame('authorize', 0, 'token')).toBe('authorize\n0\n\ntoken');
  });
});

describe('a mirror', () => {
  const order = { id: 5, accountId: 1, contractId: 2, action: 'Buy', ordStatus: 'Working' } as const;
  const told = (mirror: Mirror) => reportOf('order-1', mirror.find(5)!, mirror.contracts);

  test('takes entities in any order, more than once, and never goes back from an end', () => {
    const mirror = new Mirror();
    mirror.takeFill({ id: 9, orderId: 5, qty: 1, price: 21_000 });
    mirror.takeFill({ id: 9, orderId: 5, qty: 1, price: 21_000 });
    expect(told(mirror)).toBe('undecided');
    mirror.sync({
      contracts: [{ id: 2, name: 'NQZ6' }],
      orders: [order],
      orderVersions: [{ id: 5, orderId: 5, orderQty: 3 }],
    });
    expect(told(mirror)).toBe('unread');
    mirror.takeFees(5, 9, '2.29');
    mirror.takeFees(5, 9, '3');
    expect(told(mirror)).toMatchObject({
      status: 'accepted',
      fills: [{ executionId: 'tradovate-9', quantity: '1', commission: '2.29' }],
    });
    mirror.takeOrder({ ...order, ordStatus: 'Canceled' });
    mirror.takeOrder(order);
    expect(told(mirror)).toBe('unread');
    mirror.takeFill({ id: 10, orderId: 5, qty: 2, price: 21_000 });
    mirror.takeFees(5, 10, '0');
    expect(told(mirror)).toMatchObject({ status: 'filled' });
  });
  test('keeps open orders however many end', () => {
    const mirror = new Mirror();
    mirror.takeOrder(order);
    for (let id = 10; id < 20_020; id += 1) mirror.takeOrder({ ...order, id, ordStatus: 'Canceled' });
    expect([...mirror.all()].length).toBe(20_000);
    expect(mirror.find(5)).toBeDefined();
  });
});
