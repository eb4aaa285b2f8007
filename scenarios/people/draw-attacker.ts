/**
 * Worlds in which somebody knows the rules and tries each way around them, drawn apart from everything else: he has a token of his own, room
 * that is soon used up, and most of it in one order. Some of what he tries is tried while only reduction passes.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import type { Way } from './attacks/ways.ts';
import { Draw, SYMBOLS } from './draw.ts';
import type { Script, ScriptLimits, Step } from './script.ts';

const CHANCE = 0.25;
const ATTACKER = 'attacker';
const VICTIM = 'trader-0';
const GUARD = 'guard';
const BUDGET = 1_000_000;
/** Who decides about others, and trades: his own are not his to decide about where two people are needed. */
const ALSO_SUPERVISOR = 0.3;
/** Of the room: two of them do not fit, nor does one of the largest. */
const PARTS = [0.35, 0.55, 0.55, 0.98, 1.3] as const;

const ANY_TIME: readonly Way[] = [
  ...(['wrong-price', 'wrong-price', 'cheap-sale', 'odd-quantity', 'spelled-otherwise'] as const),
  ...(['two-instruments', 'two-traders', 'same-key', 'other-body', 'cancel-and-again'] as const),
  ...(['leaving-and-trading', 'reverse', 'close-twice', 'loosen-and-trade', 'approve-own'] as const),
];
const IN_A_HALT: readonly Way[] = [
  'close-twice',
  'close-twice',
  'close-twice',
  'reverse',
  'wrong-price',
  'release-halts',
];

const partOf = (draw: Draw, room: number): number => draw.pick(PARTS) * room;

function attack(draw: Draw, at: number, way: Way, symbol: string, room: number): void {
  const choice = draw.random.next();
  draw.add(at, ATTACKER, { do: 'attack', way, symbol, value: partOf(draw, room), choice });
}

/** He holds something, then only reduction passes, or nothing does. */
function halted(draw: Draw, from: number, room: number): void {
  const symbol = draw.pick(SYMBOLS);
  const value = room * 0.3;
  draw.add(from, ATTACKER, { do: 'trade', symbol, side: 'buy', type: 'market', priceRatio: 1, value });
  const haltedAt = from + draw.ms(3_000, 10_000);
  const forMs = draw.ms(8_000, 30_000);
  draw.add(haltedAt, GUARD, { do: 'stop', whom: ATTACKER, ...(draw.chance(0.7) && { how: 'reduce' as const }) });
  draw.add(haltedAt + forMs, GUARD, { do: 'release' });
  for (let at = haltedAt, count = draw.ms(2, 6); count > 0; count -= 1) {
    at += draw.ms(500, 4_000);
    attack(draw, at, draw.pick(IN_A_HALT), symbol, room);
  }
}

type Attacked = Pick<Script, 'people'> & {
  readonly steps: readonly Step[];
  readonly budgets?: Script['budgets'];
  readonly limits: Pick<ScriptLimits, 'exposureMax'>;
};

/** `exposureMax`: what the world has drawn, if anything; else he brings one that he can reach. */
export function drawAttacker(seed: string, virtualMs: number, exposureMax: string | undefined): Attacked {
  const draw = new Draw(seededRandom(`${seed}/attacker`), virtualMs);
  if (!draw.chance(CHANCE)) return { steps: [], limits: {} };
  const limit = exposureMax ?? String(draw.ms(20_000, 120_000));
  const room = Number(limit);
  const supervises = draw.chance(ALSO_SUPERVISOR);
  for (let at = draw.ms(0, 5_000), count = draw.ms(6, 20); count > 0; count -= 1, at += draw.ms(500, 12_000))
    attack(draw, at, draw.pick(ANY_TIME), draw.pick(SYMBOLS), room);
  for (let times = draw.ms(1, 4); times > 0; times -= 1) halted(draw, draw.ms(0, virtualMs * 0.75), room);
  for (let times = supervises ? 0 : draw.ms(0, 3); times > 0; times -= 1) {
    const how = draw.pick(['look', 'trade', 'stop', 'terminate'] as const);
    draw.add(draw.between(0, virtualMs), ATTACKER, { do: 'meddle', whom: VICTIM, how });
  }
  return {
    steps: draw.steps,
    people: { [ATTACKER]: supervises ? ['trader', 'supervisor'] : ['trader'] },
    budgets: { [ATTACKER]: BUDGET },
    limits: { exposureMax: limit },
  };
}
