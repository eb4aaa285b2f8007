/** Every checker on a world in good order, and the price of watching. */
import { expect, test } from 'vitest';
import { DEFINITIONS } from '../../messages/registry.ts';
import type { Message } from '../../runtime/message.ts';
import { created, findingsOf, History } from '../testing/history.ts';
import { smallHistory, smallRest } from '../testing/small-world.ts';
import { CHECKERS } from './all.ts';
import type { CheckedRecord, Checker, Fold, Report } from './checker.ts';

test.each(CHECKERS.map((make) => [make().name, make] as const))(
  '%s finds nothing in a world in good order',
  (_, make) => {
    const history = smallHistory();
    expect(findingsOf(make(), history, smallRest(history))).toEqual([]);
  },
);

test('names of checkers are unique', () => {
  const names = CHECKERS.map((make) => make().name);
  expect(new Set(names).size).toBe(names.length);
});

/** A record whose message may be asked for its type and its time, and for nothing else. */
function closedRecord(type: string): CheckedRecord {
  const [record] = new History().say(created()).records;
  const open: Message = { type, at: record!.recordedAt };
  const refuse = (field: string | symbol): never => {
    throw new Error(`looks at ${String(field)} of ${type}`);
  };
  const message = new Proxy(open, {
    get: (target, field) => (field in target ? Reflect.get(target, field) : refuse(field)),
    has: (_, field) => refuse(field),
    ownKeys: () => refuse('all'),
  });
  return { ...record!, type, message };
}

const takers: readonly (readonly [string, Checker | Fold])[] = CHECKERS.flatMap((make) => {
  const checker = make();
  return [checker, ...(checker.folds ?? [])].map((taker) => [checker.name, taker] as const);
});

test.each(takers)('%s is shown every type of record that it, or a fold of it, looks into', (_, taker) => {
  const { takes } = taker;
  if (!takes) return;
  const others = DEFINITIONS.flatMap(({ type }) => ((takes as readonly string[]).includes(type) ? [] : type));
  const told: string[] = [];
  const report: Report = (what) => told.push(what);
  for (const type of others) {
    const record = closedRecord(type);
    if ('onRecord' in taker) taker.onRecord(record, report);
    else taker.apply(record);
  }
  expect(others.length).toBeGreaterThan(0);
  expect(told).toEqual([]);
});
