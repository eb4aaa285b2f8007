/**
 * Lesson 13: a scenario in TypeScript is the same object with types, and with everything a program can make. Nine orders, and the
 * process dies a moment after each has been asked for, a little later every time: before the gates, between them, at the venue.
 */
import { defineScenario } from '../file/schema.ts';

const ROUNDS = 9;
const STEP_MS = 150;
const TRADES = 'POST /api/v1/agents/${alpha.id}/trades';

const minutes = Array.from({ length: ROUNDS }, (_, round) => round + 1);

export default defineScenario({
  name: 'A crash a minute',
  description: 'Whoever insists gets nine orders, each filled once, however often the process dies on the way.',
  until: '11m',
  world: {
    instruments: ['AAPL'],
    people: { ann: { roles: ['trader'] } },
    traders: { alpha: { owner: 'ann', budget: 100_000 } },
  },
  faults: [{ venue: { latency: '800ms' } }],
  script: minutes.flatMap((minute) => [
    {
      at: `${minute}m`,
      by: 'ann' as const,
      insist: true,
      call: TRADES,
      body: { symbol: 'AAPL', side: 'buy', quantity: minute, price: 150, type: 'market' },
      status: 201,
    },
    { at: `${minute * 60_000 + minute * STEP_MS}ms`, crash: true as const },
  ]),
  expect: [
    { what: 'nobody has two orders for one', event: 'order.submitted', count: ROUNDS },
    { event: 'order.filled', where: { end: true }, count: ROUNDS },
    {
      figure: 'position',
      trader: 'alpha',
      instrument: 'AAPL',
      equals: minutes.reduce((sum, minute) => sum + minute, 0),
    },
  ],
  catches: [{ planted: 'resume-sends-again', broken: 'one-venue-order' }],
});
