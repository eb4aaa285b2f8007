/** Requests at one moment that want the same room, each of them allowed alone. */
import { SYMBOLS } from '../draw.ts';
import { parsed } from '../person.ts';
import type { Attack, Attacker } from './attacker.ts';

/** Inside the collar, and too far away to be filled soon. */
const RESTING = 0.96;
const LARGER = 7;

const otherThan = (symbol: string): string => SYMBOLS.find((other) => other !== symbol) ?? symbol;

export const twoInstruments: Attack = async (attacker, aim) => {
  const trader = await attacker.trader();
  const both = [aim, { ...aim, symbol: otherThan(aim.symbol) }];
  await Promise.all(both.map((one) => attacker.submit(trader, attacker.order(one))));
};

export const twoTraders: Attack = async (attacker, aim) => {
  const traders = await Promise.all([attacker.trader(), attacker.secondTrader()]);
  const twice = [...traders, ...traders];
  await Promise.all(twice.map((trader) => attacker.submit(trader, attacker.order(aim))));
};

/** One key is one order, however often it is asked for at once. */
export const sameKey: Attack = async (attacker, aim) => {
  const [trader, order, key] = [await attacker.trader(), attacker.order(aim), attacker.key()];
  await Promise.all([1, 2, 3].map(() => attacker.submit(trader, order, key)));
};

/** A small order opens the door, and another one comes in by its key: at the same moment and afterwards. */
export const otherBody: Attack = async (attacker, aim) => {
  const [trader, key] = [await attacker.trader(), attacker.key()];
  const large = attacker.order(aim);
  const small = attacker.order({ ...aim, value: aim.value / LARGER });
  await Promise.all([attacker.submit(trader, small, key), attacker.submit(trader, large, key)]);
  await attacker.submit(trader, large && { ...large, side: 'sell' }, key);
};

async function rest(attacker: Attacker, trader: string, aim: Parameters<Attack>[1]): Promise<string | undefined> {
  const price = attacker.priceAt(aim, RESTING);
  const order = price === undefined ? undefined : attacker.order(aim, { type: 'limit', price });
  const body = parsed<{ id?: string; trade?: { id: string } }>(await attacker.submit(trader, order));
  return body?.trade?.id ?? body?.id;
}

/** What one cancel gives back is spent once, though the cancel is asked for twice and its room by two. */
export const cancelAndAgain: Attack = async (attacker, aim) => {
  const trader = await attacker.trader();
  if (trader === undefined) return;
  const tradeId = await rest(attacker, trader, aim);
  if (tradeId === undefined) return;
  const cancel = () => attacker.person.ask('DELETE', `/api/v1/agents/${trader}/trades/${tradeId}`);
  const again = () => attacker.submit(trader, attacker.order(aim));
  await Promise.all([cancel(), again(), cancel(), again()]);
};

/** Whoever leaves trades no more. */
export const leavingAndTrading: Attack = async (attacker, aim) => {
  const trader = await attacker.newTrader();
  const trade = () => attacker.submit(trader, attacker.order(aim));
  await trade();
  await Promise.all([trade(), attacker.person.ask('DELETE', `/api/v1/agents/${trader}`), trade(), trade()]);
};
