/** The book on disk: survives, cuts a torn end, refuses a damaged middle, shrinks, and shares its syncs. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBook, type PaperBook } from './book.ts';
import { orderOf, T0 } from './fixtures.ts';
import { Holdings } from './holdings.ts';
import type { PaperOrder } from './matching.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-book-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, 'deep', 'book.jsonl');
const open = (endedMax?: number): Promise<PaperBook> =>
  openBook({ path: path(), sync: 'fdatasync', ...(endedMax === undefined ? {} : { endedMax }) });

const stateOf = (id: string, status: PaperOrder['status'] = 'accepted'): PaperOrder => ({
  ...{
    order: orderOf({ clientOrderId: id }),
    acceptedAt: T0,
    status,
    triggered: false,
    fills: [],
    leavesQuantity: '1000',
  },
});

/** More than a log may hold of what has ended, so that it begins to shrink. */
async function endMany(book: PaperBook): Promise<void> {
  await Promise.all(Array.from({ length: 12_000 }, (_, n) => book.put(stateOf(`ended-${n}`, 'filled'))));
}

test('what was put is there after a restart, newest state first of all', async () => {
  const book = await open();
  await Promise.all([book.put(stateOf('a')), book.put(stateOf('b')), book.put(stateOf('a', 'canceled'))]);
  await book.close();
  const again = await open();
  expect([...again.orders.values()].map(({ order, status }) => [order.clientOrderId, status])).toEqual([
    ['a', 'canceled'],
    ['b', 'accepted'],
  ]);
  await again.close();
});

test('a change is in the file when its put resolves', async () => {
  const book = await open();
  for (const id of ['a', 'b', 'c']) {
    await book.put(stateOf(id));
    expect(readFileSync(path(), 'utf8')).toContain(`"clientOrderId":"${id}"`);
  }
  await book.close();
});

test('a torn last line is cut off, and what follows is whole', async () => {
  const book = await open();
  await book.put(stateOf('ä'));
  await book.close();
  appendFileSync(path(), '{"order":{"clientOrder');
  const again = await open();
  expect([...again.orders.keys()]).toEqual(['ä']);
  await again.put(stateOf('b'));
  await again.close();
  const third = await open();
  expect([...third.orders.keys()]).toEqual(['ä', 'b']);
  await third.close();
});

test('a damaged line in the middle refuses the start and names the line', async () => {
  const book = await open();
  await book.put(stateOf('a'));
  await book.close();
  writeFileSync(path(), `${readFileSync(path(), 'utf8')}rubbish\n${readFileSync(path(), 'utf8')}`);
  await expect(open()).rejects.toThrow('line 2 is not an order');
});

test('the log shrinks when most of it has ended; open orders never leave', async () => {
  const book = await open(100);
  await book.put(stateOf('open'));
  await endMany(book);
  await book.put(stateOf('last', 'filled'));
  await book.close();
  expect(readFileSync(path(), 'utf8').split('\n').length).toBeLessThan(110);
  const again = await open();
  expect(again.orders.get('open')?.status).toBe('accepted');
  expect(again.orders.get('last')?.status).toBe('filled');
  expect(again.orders.has('ended-0')).toBe(false);
  await again.close();
});

test('what is put while the log shrinks is in the file when its put resolves, and in the shorter one behind it', async () => {
  const book = await open(100);
  await endMany(book);
  for (let n = 0; n < 20; n += 1) {
    await book.put(stateOf(`meanwhile-${n}`));
    expect(readFileSync(path(), 'utf8')).toContain(`"clientOrderId":"meanwhile-${n}"`);
  }
  await book.close();
  expect(existsSync(`${path()}.next`)).toBe(false);
  const again = await open(100);
  expect(again.orders.size).toBe(120);
  expect(again.orders.has('meanwhile-0')).toBe(true);
  expect(again.orders.has('meanwhile-19')).toBe(true);
  await again.close();
});

test('a log whose shrinking was cut off is whole', async () => {
  const book = await open(100);
  await endMany(book);
  copyFileSync(path(), join(folder, 'cut.jsonl'));
  await book.close();
  writeFileSync(join(folder, 'cut.jsonl.next'), '{"order":{"clientOrder');
  const again = await openBook({ path: join(folder, 'cut.jsonl'), sync: 'fdatasync', endedMax: 100 });
  expect(again.orders.size).toBe(12_000);
  await again.close();
});

test('a log that can not be made shorter takes no more, and says so', async () => {
  const book = await open(100);
  mkdirSync(`${path()}.next`);
  await endMany(book);
  await expect(book.close()).rejects.toThrow('EISDIR');
});

test('positions survive the orders that made them', async () => {
  const held = async (book: PaperBook): Promise<readonly [string, string][]> => {
    const holdings = new Holdings(book.carried());
    for (const state of book.orders.values()) holdings.book(state);
    return holdings.open().map(({ accountId, quantity }) => [accountId, quantity]);
  };
  const book = await open(100);
  const fill = { executionId: 'x', quantity: '1000', price: '1.08', commission: '0' };
  const puts: Promise<void>[] = [];
  for (let n = 0; n < 12_000; n += 1) puts.push(book.put({ ...stateOf(`filled-${n}`, 'filled'), fills: [fill] }));
  await Promise.resolve();
  // The oldest order is put once more while the log shrinks: it is written behind it, and must not have left as well.
  puts.push(book.put({ ...stateOf('filled-0', 'filled'), fills: [fill] }));
  await Promise.all(puts);
  await book.put({ ...stateOf('last', 'filled'), fills: [fill] });
  expect(await held(book)).toEqual([['account-1', '12001000']]);
  await book.close();
  const again = await open(100);
  expect(again.orders.size).toBeLessThan(110);
  expect(await held(again)).toEqual([['account-1', '12001000']]);
  await again.close();
});
