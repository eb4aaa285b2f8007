/** What a report of the venue says about the time since the order left: never more than has gone by, whoever sets the clock. */
import { expect, test } from 'vitest';
import type { VenueReported } from '../../messages/order.ts';
import type { Message } from '../../runtime/message.ts';
import { ticket } from '../testing/samples.ts';
import type { Venue, VenueReport } from '../venue.ts';
import { ordersAgent } from './orders.ts';

const never = (): never => {
  throw new Error('nobody asks for that');
};

/** A process that began at 1,000 ms of its own clock. */
class House {
  monotonic = 1_000;
  submitted: VenueReport['status'] = 'unresolved';
  private readonly effects;

  constructor() {
    const report = (status: VenueReport['status']) => ({ orderId: 'trade-1', status, fills: [] });
    const venue: Venue = {
      ...{ name: 'paper', idempotency: 'clientOrderId', snapshot: never, onReport: never },
      submit: async () => report(this.submitted),
      cancel: async () => report('absent'),
      lookup: async () => report('absent'),
    };
    const monotonic = (): number => this.monotonic;
    this.effects = ordersAgent({ venue, autonomousThreshold: '1', variance: false, monotonic }).effects!;
  }

  async handOver(orderId = 'trade-1'): Promise<void> {
    await this.run('run', { type: 'order.intended', ticket: ticket({ orderId }) } as Message);
  }

  /** `at`: market time, which may be anything. */
  lookUp = (at: number) =>
    this.run('run', { type: 'order.lookup-requested', orderId: 'trade-1', at, fillsKnown: 3 } as Message);
  cancel = () => this.run('run', { type: 'order.cancel-requested', orderId: 'trade-1', at: 0 } as Message);
  resume = () => this.run('resume', { type: 'order.intended', ticket: ticket(), at: 0 } as Message);

  private async run(how: 'run' | 'resume', fact: Message): Promise<VenueReported> {
    const context = { signal: new AbortController().signal } as never;
    return (await this.effects[fact.type]![how]!(fact, context)) as VenueReported;
  }
}

test('is told from the last hand-over on, by a clock that nobody sets', async () => {
  const house = new House();
  house.monotonic = 100_000;
  await house.handOver();
  house.monotonic += 27_000;
  expect(await house.lookUp(9e15)).toMatchObject({ status: 'absent', sinceSentMs: 27_000, fillsKnown: 3 });
  expect(await house.cancel()).toMatchObject({ sinceSentMs: 27_000 });
  await house.handOver();
  house.monotonic += 64_999;
  expect(await house.lookUp(0)).toMatchObject({ sinceSentMs: 64_999 });
});

test('of what an earlier process has sent it is the age of this one', async () => {
  const house = new House();
  house.monotonic += 5_000;
  expect(await house.resume()).toMatchObject({ sinceSentMs: 5_000 });
});

test('of what is older than any request can be, no less is told than that', async () => {
  const house = new House();
  house.monotonic = 10_000;
  await house.handOver();
  house.monotonic += 70_000;
  await house.handOver();
  house.monotonic += 70_000;
  expect((await house.lookUp(0)).sinceSentMs).toBe(70_000);
  house.submitted = 'accepted';
  await house.handOver();
  expect((await house.lookUp(0)).sinceSentMs).toBe(149_000);
});

test('of one of too many to be remembered no more is told than the oldest of them have', async () => {
  const house = new House();
  house.monotonic = 40_000;
  await house.handOver();
  for (let index = 0; index < 100_000; index += 1) await house.handOver(`trade-other-${index}`);
  house.monotonic += 1_000;
  expect((await house.lookUp(0)).sinceSentMs).toBe(1_000);
});
