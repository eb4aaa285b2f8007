/** M1 on histories that the reference model would not have. */
import { expect, test } from 'vitest';
import type { DenialCode } from '../../domain/denial.ts';
import type { OrderEnded } from '../../messages/order.ts';
import { developmentProfile } from '../settings.ts';
import {
  created,
  decided,
  ended,
  filled,
  findingsOf,
  gatesOf,
  History,
  halted,
  held,
  intended,
  leaving,
  requested,
  submitted,
  ticket,
} from '../testing/history.ts';
import { goodVenue, venueOrder } from '../testing/small-world.ts';
import type { Fact } from './folds/facts.ts';
import { modelAgrees } from './model-agrees.ts';

const quote = (at: number, last = '150') => ({ bid: last, ask: last, last, at });
const seen = (changes: Parameters<typeof submitted>[0] = {}, quoteAgeMs = 0, last = '150'): Fact => ({
  ...submitted(changes),
  quote: quote(new History().at - quoteAgeMs, last),
});
const denied = (code: DenialCode): OrderEnded => ({
  ...ended(),
  end: 'denied',
  denial: { code, class: 'limit', explanation: 'no', numbers: {} },
});
const found = (...facts: Fact[]) =>
  findingsOf(modelAgrees(developmentProfile()), new History().say(created(), ...facts));

test('an order on a fresh quote inside its collar passes', () => {
  expect(found(seen(), intended())).toEqual([]);
});

test('finds an order that passed on a stale quote, outside the collar, or in a halt', () => {
  expect(found(seen({}, 40_000), intended())).toEqual(['order trade-1 passed its gates, the model says STALE_DATA']);
  expect(found(seen({}, 0, '170'), intended())).toEqual([
    'order trade-1 passed its gates, the model says PRICE_COLLAR',
  ]);
  expect(found({ ...halted, scope: 'system' } as Fact, seen(), intended())).toEqual([
    'order trade-1 passed its gates, the model says HALTED',
  ]);
});

test('finds a denial without a cause, and one that comes before another', () => {
  expect(found(seen(), denied('STALE_DATA'))).toEqual([
    'order trade-1 was denied by STALE_DATA, but nothing that is recorded breaks STALE_DATA',
  ]);
  expect(found(seen({}, 40_000), denied('EXPOSURE_LIMIT'))).toEqual([
    'order trade-1 was denied by EXPOSURE_LIMIT, but STALE_DATA is asked before it',
  ]);
  expect(found(seen({}, 40_000), denied('STALE_DATA'))).toEqual([]);
});

test('finds a large order that nobody was asked about, and a small one that waits', () => {
  const large = { quantity: '1000' } as const;
  expect(found(seen(large), intended(large, { gates: gatesOf(ticket(large)) }))).toEqual([
    'order trade-1 over 150000 is intended, and nobody has approved it',
  ]);
  expect(found(seen(large), requested(large), held(large), decided('approved', large), intended(large))).toEqual([]);
  expect(found(seen(), held())).toEqual(['order trade-1 over 15000 waits for a person, it needs none']);
});

test('a halt that lets reduction pass may let it pass', () => {
  const reduce = { ...halted, mode: 'reduce' } as Fact;
  expect(found(reduce, seen(), intended())).toEqual([]);
  expect(found(reduce, seen(), denied('REDUCING_ONLY'))).toEqual([]);
});

test('controls are asked in their order', () => {
  expect(found(seen({}, 0, '170'), denied('MARKET_CLOSED'))).toEqual([]);
  expect(found(seen({}, 0, '170'), denied('SLICED_ORDER'))).toEqual([
    'order trade-1 was denied by SLICED_ORDER, but PRICE_COLLAR is asked before it',
  ]);
  expect(found(seen(), denied('VARIANCE_NOT_PERMITTED'))).toHaveLength(1);
});

test('finds an end that is not the venue’s', () => {
  const history = new History().say(created(), seen(), ...leaving().slice(1), filled());
  const rest = (status: 'filled' | 'canceled') =>
    history.rest({
      venueOrders: new Map([
        ['trade-1', venueOrder(ticket(), { status, fills: goodVenue().get('trade-1')!.fills, leavesQuantity: '0' })],
      ]),
    });
  expect(findingsOf(modelAgrees(developmentProfile()), history, rest('filled'))).toEqual([]);
  expect(findingsOf(modelAgrees(developmentProfile()), history, rest('canceled'))).toHaveLength(1);
  expect(findingsOf(modelAgrees(developmentProfile()), history, history.rest())).toHaveLength(2);
});

test.each([
  ['agent.recovered', 0, 1],
  ['feed.advanced', 0, 0],
  ['feed.advanced', 98_000, 0],
])(
  'a cancel that nobody is known to have wanted is excused by the death of a process: %s, %d ms slow',
  (first, slowMs, findings) => {
    const history = new History().say(created(), seen(), ...leaving().slice(1), ended());
    const [last] = history.records.splice(-1);
    const { message, payload, ...left } = last!;
    const [at, landedAt] = [history.at - slowMs, history.at];
    const rest = { ...left, epoch: 2, landedAt };
    const begun = { ...rest, type: first, message: { type: first, at }, payload: '{}' };
    const records = [...history.records, begun, { ...rest, message: { ...message, at }, payload }];
    const canceled = venueOrder(ticket(), { status: 'canceled', fills: [], leavesQuantity: '100' });
    const call = { call: 'cancel', clientOrderId: 'trade-1', told: 'canceled', at: history.at - 1 } as const;
    const world = history.rest({ venueOrders: new Map([['trade-1', canceled]]), venueCalls: [call] });
    expect(findingsOf(modelAgrees(developmentProfile()), { records }, world)).toHaveLength(findings);
  },
);

/** What the model finds at rest, with an empty venue. */
const atRest = (...facts: Fact[]) => {
  const history = new History().say(created(), ...facts);
  return findingsOf(modelAgrees(developmentProfile()), history, history.rest());
};

test('finds an order that fails without ever having left, and one that nobody wanted cancelled', () => {
  expect(atRest(seen(), intended(), ended({}, { end: 'failed' }))).toEqual([
    'order trade-1 is failed, the model allows open: intended, the venue has it never',
  ]);
  expect(atRest(seen(), intended(), ended({}, { by: 'system' }))).toHaveLength(1);
  expect(atRest(seen(), intended(), ended({}, { by: 'user-1' }))).toEqual([]);
  expect(atRest(seen(), intended(), { ...halted, scope: 'system' } as Fact, ended())).toEqual([]);
});

test('an order that a new life looks for in vain may fail', () => {
  const history = new History().say(created(), seen(), intended(), ended({}, { end: 'failed' }));
  const last = history.records.at(-1)!;
  const records = [...history.records.slice(0, -1), { ...last, epoch: 2 }];
  expect(findingsOf(modelAgrees(developmentProfile()), { records }, history.rest())).toEqual([]);
});

test('finds an approved order that is cancelled, whoever is told to have wanted it', () => {
  const large = { quantity: '1000' } as const;
  const approved = [seen(large), requested(large), held(large), decided('approved', large)];
  expect(atRest(...approved, ended(large, { by: 'user-1' }))).toEqual([
    'order trade-1 is canceled, the model allows denied: held, approved, the venue has it never',
  ]);
  expect(atRest(...approved, { ...halted, scope: 'system' } as Fact, ended(large))).toEqual([]);
});

test('after an approval the gates are asked again, as things are then, at a price that nobody knows', () => {
  const large = { quantity: '900' };
  const waits = [seen(large), held(large), requested(large), decided('approved', large)];
  const refused = (code: DenialCode): Fact => ({ ...denied(code), filledQuantity: '0' });
  expect(found(...waits, refused('STALE_DATA'))).toEqual([]);
  expect(found(...waits, refused('PRICE_COLLAR'))).toEqual([]);
  expect(found(...waits, refused('HALTED'))).toEqual([
    'order trade-1 was denied by HALTED, but nothing that is recorded breaks HALTED',
  ]);
  const stop = { ...halted, scope: 'system' } as Fact;
  expect(found(...waits.slice(0, 3), stop, waits[3]!, intended(large, { approvedBy: 'supervisor-1' }))).toEqual([
    'order trade-1 passed its gates, the model says HALTED',
  ]);
  expect(found(...waits.slice(0, 3), stop, waits[3]!, refused('HALTED'))).toEqual([]);
  const early = [waits[0]!, waits[2]!, waits[3]!, waits[1]!];
  expect(found(...early, refused('PRICE_COLLAR'))).toEqual([]);
  expect(found(...early, refused('HALTED'))).toHaveLength(1);
});

test('an order whose gates give up before it hears that it was rejected is denied', () => {
  const large = { quantity: '900' };
  const [asked, rejected] = [[seen(large), requested(large)], decided('rejected', large)];
  expect(atRest(...asked, rejected, denied('GATE_UNAVAILABLE'))).toEqual([]);
  expect(atRest(...asked, held(large), rejected, denied('GATE_UNAVAILABLE'))).toHaveLength(1);
});
