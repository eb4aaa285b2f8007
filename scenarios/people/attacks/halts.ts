/** What is asked for as if it only reduced a position, while nothing else passes. */
import { exact } from '../../../domain/decimal.ts';
import type { Attack } from './attacker.ts';

/** So many orders at once, each of so many times what is held. */
const closing =
  (orders: number, times: string): Attack =>
  async (attacker, aim) => {
    const trader = await attacker.trader();
    if (trader === undefined) return;
    const positions = await attacker.positions(trader);
    const held = positions.find(({ symbol }) => symbol === aim.symbol) ?? positions[0];
    if (!held) return;
    const side = held.quantity < 0 ? 'buy' : 'sell';
    const quantity = Number(exact(String(held.quantity)).abs().times(times).toFixed());
    const order = attacker.order({ ...aim, symbol: held.symbol }, { side, quantity });
    await Promise.all(Array.from({ length: orders }, () => attacker.submit(trader, order)));
  };

export const closeTwice = closing(2, '1');
export const reverse = closing(1, '2');
