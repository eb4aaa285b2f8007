/**
 * What a crowd hardly ever runs into by chance, and what is most likely to be wrong: people who exit, cancel and stop at the worst
 * moment, and nights between a question and its answer. Each world has some of it, with people of its own.
 */
import { type Draw, tradeOf } from './draw.ts';

const HOUR_MS = 3_600_000;
/** How long an approval counts. */
const APPROVAL_VALID_MS = 24 * HOUR_MS;
/** More than anybody may trade without being asked, and less than an order may be worth. */
const LARGE_VALUE = 70_000;
const SMALL_VALUE = 3_000;

const market = (draw: Draw, side: 'buy' | 'sell' = 'buy') =>
  ({ ...tradeOf(draw, SMALL_VALUE), side, type: 'market', priceRatio: 1 }) as const;
/** Too far away to fill soon, and inside the collar. */
const resting = (draw: Draw) =>
  ({ ...tradeOf(draw, SMALL_VALUE), side: 'buy', type: 'limit', priceRatio: 0.985 }) as const;

function stopAndRelease(draw: Draw, at: number, forMs: number, whom?: string): void {
  draw.add(at, 'guard', whom === undefined ? { do: 'stop' } : { do: 'stop', whom });
  draw.add(at + forMs, 'guard', { do: 'release' });
}

/** A position has to be closed while everything stands. */
function exitInAStop(draw: Draw, at: number): void {
  draw.add(at, 'leaver', market(draw));
  const stopAt = at + draw.ms(4_000, 15_000);
  stopAndRelease(draw, stopAt, draw.ms(20_000, 60_000));
  draw.add(stopAt + draw.ms(200, 8_000), 'leaver', { do: 'terminate' });
}

/** Somebody is stopped, somebody else changes his mind. */
function cancelBesideAStop(draw: Draw, at: number): void {
  draw.add(at, 'stopped', { do: 'look', at: 'trader' });
  draw.add(at, 'canceler', resting(draw));
  const stopAt = at + draw.ms(1_000, 6_000);
  stopAndRelease(draw, stopAt, draw.ms(10_000, 60_000), 'stopped');
  draw.add(stopAt + draw.ms(200, 9_000), 'canceler', { do: 'cancel', which: 'newest' });
}

/** The stop comes while an intent is on its way to the disk. */
function stopBehindAnIntent(draw: Draw, at: number): void {
  for (const who of ['hasty-0', 'hasty-1']) draw.add(at, who, { do: 'look', at: 'trader' });
  const meet = at + 5_000;
  for (const who of ['hasty-0', 'hasty-1', 'hasty-0']) draw.add(meet + draw.ms(0, 3), who, market(draw));
  stopAndRelease(draw, meet + draw.ms(1, 8), draw.ms(2_000, 20_000));
}

/** Nothing can be written when somebody stops: the stop counts all the same, and what rests is cancelled at once. */
function stopWithoutADisk(draw: Draw, at: number): void {
  for (const who of ['sleeper-0', 'sleeper-1']) draw.add(at, who, resting(draw));
  const fullAt = at + draw.ms(8_000, 15_000);
  const forMs = draw.ms(3_000, 9_000);
  draw.add(fullAt, 'world', { do: 'fill-disk', forMs });
  stopAndRelease(draw, fullAt + draw.ms(1, forMs), draw.ms(30_000, 60_000));
}

/** A cancel at the heels of an order that fills part by part. */
function cancelBetweenFills(draw: Draw, at: number): void {
  const times = draw.ms(2, 5);
  for (let time = 0; time < times; time += 1) {
    const from = at + time * 4_000;
    draw.add(from, 'nervous', { ...market(draw, draw.chance(0.5) ? 'buy' : 'sell'), value: 9_000 });
    for (const afterMs of [800, 1_600, 3_000])
      draw.add(from + draw.ms(1, afterMs), 'nervous', { do: 'cancel', which: 'newest' });
  }
}

/** Parts of what rests are filled, and then the market is away again: an order stays filled in part. */
function partsOfWhatRests(draw: Draw, at: number): void {
  const order = { ...resting(draw), symbol: draw.pick(['AAPL', 'NVDA', 'MSFT'] as const) };
  for (const who of ['patient-0', 'patient-1', 'patient-2']) draw.add(at, who, order);
  for (let flashes = 0; flashes < 4; flashes += 1)
    draw.add(at + draw.ms(3_000, 40_000), 'world', { do: 'flash', symbol: order.symbol, priceRatio: 0.982 });
}

/** Who leaves forgets what still rests. */
function leaveWithOpenOrders(draw: Draw, at: number): void {
  draw.add(at, 'forgetful', resting(draw));
  draw.add(at + draw.ms(3_000, 20_000), 'forgetful', { do: 'terminate' });
}

/** A night between the question and the decision: the price has gone elsewhere, or nobody may decide any more. */
function nightBeforeADecision(draw: Draw, at: number): void {
  for (const who of ['thinker-0', 'thinker-1'])
    draw.add(at + draw.ms(0, 3_000), who, { ...market(draw), value: LARGE_VALUE });
  draw.add(at, 'thinker-2', resting(draw));
  const nightAt = at + 20_000;
  const forMs = draw.chance(0.5) ? APPROVAL_VALID_MS + draw.ms(0, 2 * HOUR_MS) : draw.ms(HOUR_MS, 20 * HOUR_MS);
  draw.add(nightAt, 'world', { do: 'night', forMs });
  for (const afterMs of [4_000, 9_000, 20_000])
    draw.add(nightAt + draw.ms(afterMs, 2 * afterMs), 'supervisor', { do: 'decide', mood: 'approve', about: 'all' });
}

const RARE: readonly ((draw: Draw, at: number) => void)[] = [
  exitInAStop,
  cancelBesideAStop,
  stopBehindAnIntent,
  cancelBetweenFills,
  partsOfWhatRests,
  leaveWithOpenOrders,
  nightBeforeADecision,
];
const CHANCE = 0.3;

/** `faults`: what needs a disk that fails happens too. */
export function drawRare(draw: Draw, faults: boolean): void {
  for (const happens of RARE) if (draw.chance(CHANCE)) happens(draw, draw.ms(0, draw.until * 0.75));
  if (draw.chance(CHANCE) && faults) stopWithoutADisk(draw, draw.ms(0, draw.until * 0.75));
}
