/** I4 on orders that leave without, or otherwise than, their gates' yes. */
import { expect, test } from 'vitest';
import {
  decided,
  findingsOf,
  gatesOf,
  History,
  held,
  intended,
  leaving,
  requested,
  sent,
  submitted,
  ticket,
} from '../testing/history.ts';
import type { Fact } from './folds/facts.ts';
import { sentAsApproved } from './sent-as-approved.ts';

const found = (...facts: Fact[]) => findingsOf(sentAsApproved(), new History().say(...facts));
const without = (gate: string) => gatesOf(ticket()).filter((answer) => answer.gate !== gate);

test('finds an order that was sent without an intent, and one that was sent twice on one', () => {
  expect(found(submitted(), sent())).toEqual(['order trade-1 was sent without an intent of its own']);
  expect(found(...leaving(), sent())).toEqual(['order trade-1 was sent without an intent of its own']);
  expect(found(...leaving(), intended(), sent())).toEqual([]);
});

test.each(['halt', 'compliance', 'risk', 'quota', 'oversight'])('finds an intent without the yes of %s', (gate) => {
  const gates = without(gate);
  expect(found(submitted(), intended({}, { gates }), sent()).join()).toContain(gate === 'risk' ? 'gate risk' : gate);
});

test('a no is not a yes', () => {
  const gates = gatesOf(ticket()).map((answer) => (answer.gate === 'risk' ? { ...answer, allowed: false } : answer));
  expect(found(submitted(), intended({}, { gates }))).toContain(
    'order trade-1 is intended without a yes of the gate risk',
  );
});

test('finds another size than was submitted, and less room than it needs', () => {
  expect(found(submitted(), intended({ quantity: '200' }))).toEqual([
    'order trade-1 is intended otherwise than submitted: quantity is "200", the records say "100"',
  ]);
  const gates = gatesOf(ticket({ quantity: '99' }));
  expect(found(submitted(), intended({}, { gates }))).toEqual(['order trade-1 is intended with room for 14850 only']);
});

test('an order that waited for a person needs that approval', () => {
  const approved = intended({}, { approvedBy: 'supervisor-1', gates: without('oversight') });
  expect(found(submitted(), requested(), held(), decided('approved'), approved, sent())).toEqual([]);
  expect(found(submitted(), requested(), held(), decided('rejected'), approved)).toHaveLength(1);
  expect(found(submitted(), requested(), held(), approved)).toHaveLength(1);
  expect(found(submitted(), requested(), held(), decided('approved'), intended())).toHaveLength(1);
});

test('a market order needs room for what the market asks, whatever price it states', () => {
  const market = { orderType: 'market', price: '1' } as const;
  const quote = { bid: '149', ask: '150', last: '150', at: 0 };
  const submission = { ...submitted(market), quote };
  expect(found(submission, intended(market))).toEqual(['order trade-1 is intended with room for 100 only']);
  const gates = gatesOf(ticket({ price: '150' }));
  expect(found(submission, intended(market, { gates }))).toEqual([]);
});
