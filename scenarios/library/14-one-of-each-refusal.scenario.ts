/**
 * Lesson 14: a table becomes a scenario. Each row is an order that exactly one control refuses; a new control is a new row. Who reads
 * docs/CONTROLS.md beside it sees each rule at work.
 */
import { defineScenario } from '../file/schema.ts';

interface Wish {
  readonly symbol?: string;
  readonly side?: 'buy' | 'sell';
  readonly quantity: number;
  readonly price?: number;
}

/** The market stands near 149; a limit order rests or trades at its own price. */
const REFUSALS = [
  { code: 'INSTRUMENT_NOT_PERMITTED', symbol: 'MSFT', quantity: 1, price: 418 },
  { code: 'PRICE_COLLAR', quantity: 1, price: 170 },
  { code: 'PRICE_COLLAR', side: 'sell', quantity: 1, price: 120 },
  { code: 'ORDER_VALUE', quantity: 60 },
  { code: 'ORDER_VOLUME', symbol: 'EURUSD', quantity: 1_001, price: 1.08 },
  { code: 'POSITION_LIMIT', side: 'sell', quantity: 31 },
  { code: 'QUANTITY_STEP', symbol: 'EURUSD', quantity: 100.5, price: 1.08 },
  { code: 'PRICE_TICK', quantity: 1, price: 149.995 },
] as const satisfies readonly (Wish & { readonly code: string })[];

const spaced = (row: number): string => `${(row + 1) * 10}s`;

const placed = ({ symbol = 'AAPL', side = 'buy', quantity, price = 150 }: Wish, status: '4xx' | 201) => ({
  by: 'ann' as const,
  call: 'POST /api/v1/agents/${alpha.id}/trades',
  body: { symbol, side, quantity, price, type: 'limit' },
  status,
});

export default defineScenario({
  name: 'One of each refusal',
  description: 'Every row breaks one rule and is refused for that rule; what keeps all of them passes.',
  until: '3m',
  world: {
    instruments: ['AAPL', 'EURUSD', 'MSFT'],
    people: { ann: { roles: ['trader'] } },
    traders: { alpha: { owner: 'ann', budget: 100_000 } },
    limits: {
      accounts: { default: { instruments: ['AAPL', 'EURUSD'] } },
      instruments: {
        AAPL: { orderValueMax: '8000', positionMax: '30' },
        EURUSD: { orderVolumeMax: '1000' },
      },
    },
  },
  market: { regimes: [{ instrument: 'all', drift: '0%', volatility: '0.5%' }] },
  script: [...REFUSALS.map((wish) => placed(wish, '4xx')), placed({ quantity: 30 }, 201)].map((step, row) => ({
    at: spaced(row),
    ...step,
  })),
  expect: [
    ...REFUSALS.map(({ code }, row) => ({
      what: `row ${row + 1} is refused as ${code}`,
      event: 'order.ended' as const,
      where: { end: 'denied' as const, 'denial.code': code },
      from: spaced(row),
      until: spaced(row + 1),
      count: 1,
    })),
    { event: 'order.filled' as const, count: 1 },
    { figure: 'position' as const, trader: 'alpha', instrument: 'AAPL', equals: 30 },
  ],
  catches: [
    { planted: 'risk-forgets-size', unmet: 'row 4 is refused as ORDER_VALUE' },
    { planted: 'risk-believes-the-order', unmet: 'row 2 is refused as PRICE_COLLAR' },
  ],
});
