/** Orders that are larger than they look: by the price that they state, by their quantity, by the name of what they are about. */
import type { Attack } from './attacker.ts';

const STATED = [0.0001, 0.01, 0.5, 3, 10_000] as const;
const QUANTITIES = [1e20, Number('12345678901234567890'), 1e12, 50_001, 1e-9, 1e-16, 0, -1] as const;
/** Inside the collar. */
const CHEAP = 0.955;

const chosen = <T>(all: readonly T[], choice: number): T => all[Math.floor(choice * all.length)]!;

/** Of a market order any price may be stated: a small one must make it no smaller, nor a large one anything stranger. */
export const wrongPrice: Attack = async (attacker, aim) => {
  const price = attacker.priceAt(aim, chosen(STATED, aim.choice));
  await attacker.submit(await attacker.trader(), price === undefined ? undefined : attacker.order(aim, { price }));
};

/** A sale at a limit below the market is filled at the market, and worth what that pays. */
export const cheapSale: Attack = async (attacker, aim) => {
  const price = attacker.priceAt(aim, CHEAP);
  const sale = price === undefined ? undefined : attacker.order(aim, { side: 'sell', type: 'limit', price });
  await attacker.submit(await attacker.trader(), sale);
};

export const oddQuantity: Attack = async (attacker, aim) => {
  const order = attacker.order(aim, { side: aim.choice < 0.5 ? 'buy' : 'sell' });
  await attacker.submit(await attacker.trader(), order && { ...order, quantity: chosen(QUANTITIES, aim.choice) });
};

const spellings = (symbol: string): readonly string[] => [
  symbol.toLowerCase(),
  ` ${symbol} `,
  `${symbol.slice(0, 3)}/${symbol.slice(3)}`,
  `${symbol.slice(0, 3)}_${symbol.slice(3).toLowerCase()}`,
];

/** The same instrument under several names at one moment: its limits are one. */
export const spelledOtherwise: Attack = async (attacker, aim) => {
  const trader = await attacker.trader();
  const order = attacker.order(aim);
  const named = order && spellings(aim.symbol).map((symbol) => ({ ...order, symbol }));
  await Promise.all((named ?? []).map((one) => attacker.submit(trader, one)));
};
