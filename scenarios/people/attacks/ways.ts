/** All ways around a limit that somebody tries, by name. */
import type { Attack } from './attacker.ts';
import { closeTwice, reverse } from './halts.ts';
import { approveOwn, loosenAndTrade, releaseHalts } from './offices.ts';
import { cancelAndAgain, leavingAndTrading, otherBody, sameKey, twoInstruments, twoTraders } from './races.ts';
import { cheapSale, oddQuantity, spelledOtherwise, wrongPrice } from './sizes.ts';

export const WAYS = {
  ...{ 'wrong-price': wrongPrice, 'cheap-sale': cheapSale, 'odd-quantity': oddQuantity },
  'spelled-otherwise': spelledOtherwise,
  ...{ 'two-instruments': twoInstruments, 'two-traders': twoTraders },
  ...{ 'same-key': sameKey, 'other-body': otherBody },
  ...{ 'cancel-and-again': cancelAndAgain, 'leaving-and-trading': leavingAndTrading },
  ...{ 'close-twice': closeTwice, reverse },
  ...{ 'release-halts': releaseHalts, 'loosen-and-trade': loosenAndTrade, 'approve-own': approveOwn },
} as const satisfies Readonly<Record<string, Attack>>;

export type Way = keyof typeof WAYS;
