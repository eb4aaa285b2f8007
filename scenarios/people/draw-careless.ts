/**
 * Worlds in which somebody asks for what no market trades in, drawn apart from everything else: parts of a step of quantity, prices between
 * two ticks. The stated price of a market order may be one.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import { Draw, tradeOf } from './draw.ts';
import type { Step } from './script.ts';

const CHANCE = 0.1;
const CARELESS = 'careless';

export function drawCareless(seed: string, virtualMs: number): readonly Step[] {
  const draw = new Draw(seededRandom(`${seed}/careless`), virtualMs);
  if (!draw.chance(CHANCE)) return [];
  for (let count = draw.ms(2, 8); count > 0; count -= 1) {
    const trade = tradeOf(draw, draw.between(100, 8_000));
    draw.add(draw.between(0, virtualMs), CARELESS, { ...trade, between: draw.pick(['steps', 'ticks'] as const) });
  }
  return draw.steps;
}
