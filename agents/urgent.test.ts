import { expect, it } from 'vitest';
import { sampleLimits } from '../controls/testing/sample.ts';
import type { TradingHaltAnswered } from '../messages/halt.ts';
import { DEFINITIONS } from '../messages/registry.ts';
import { BOUNDS } from '../runtime/bounds.ts';
import { oneForOne, World } from '../runtime/testing/world.ts';
import { breakerAgent } from './breaker/breaker.ts';
import { ordersAgent } from './orders/orders.ts';
import type { Venue } from './venue.ts';

const nobody = (): never => {
  throw new Error('no order comes this far');
};
const venue: Venue = {
  name: 'none',
  idempotency: 'none',
  submit: nobody,
  cancel: nobody,
  lookup: nobody,
  snapshot: nobody,
  onReport: () => () => undefined,
};

it.each(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])(
  'a stop has its receipt while the orders agent refuses everything else (seed %s)',
  async (seed) => {
    const agents = [
      breakerAgent({ limits: sampleLimits(), fourEyes: false }),
      ordersAgent({ venue, autonomousThreshold: '0', variance: false, monotonic: () => 0 }),
    ];
    const world = await new World({ entries: DEFINITIONS, roster: oneForOne(agents), seed }).start();
    const { runtime } = world;
    const halt = { type: 'trading.halt', stopId: 'stop-1', scope: 'system', reason: 'r', by: 'p' } as const;
    const receipt = runtime.ask<TradingHaltAnswered>(halt);
    const look = { type: 'order.get', orderId: 'order-1', wait: false } as const;
    const looks = Array.from({ length: BOUNDS.mailbox + 10 }, () => runtime.ask(look).catch((error) => error.kind));
    await world.settle();
    expect(await Promise.race([receipt, 'no receipt'])).toMatchObject({ stopId: 'stop-1', handedOver: [] });
    expect((await Promise.all(looks)).filter((answer) => answer === 'refused')).toHaveLength(10);
  },
);
