/**
 * What the market of a world does beside its walk, drawn apart from everything else: prices jump or slide, tempers change, the venue trades an
 * instrument no more for a while, or nothing new is heard of it. Without faults all of it happens too: a market is no fault.
 */
import { REGIMES } from '../../market/simulated.ts';
import { seededRandom } from '../../runtime/simulated/random.ts';
import { Draw, SYMBOLS } from './draw.ts';
import type { Step } from './script.ts';

const CHANCE = 0.15;
const LASTS_MAX_MS = 90_000;

/** Up to a twelfth, at once or over a minute; often it comes back. */
function shock(draw: Draw, at: number): void {
  const symbol = draw.pick(SYMBOLS);
  const ratio = draw.between(0.005, 0.08) * (draw.chance(0.7) ? -1 : 1);
  const overMs = draw.chance(0.5) ? 0 : draw.ms(1_000, 60_000);
  draw.add(at, 'market', { do: 'shock', symbol, ratio, overMs });
  const back = { do: 'shock', symbol, ratio: 1 / (1 + ratio) - 1, overMs } as const;
  if (draw.chance(0.5)) draw.add(at + overMs + draw.ms(1_000, 60_000), 'market', back);
}

function temper(draw: Draw, at: number): void {
  for (const symbol of SYMBOLS)
    if (draw.chance(0.5)) {
      const forMs = draw.ms(10_000, draw.until);
      draw.add(at, 'market', { do: 'regime', symbol, regime: draw.pick(REGIMES), forMs });
    }
}

function held(draw: Draw, at: number): void {
  for (let count = draw.ms(1, 4), from = at; count > 0; count -= 1, from += draw.ms(0, 30_000)) {
    const how = draw.pick(['halt', 'halt', 'silence', 'freeze'] as const);
    draw.add(from, 'market', { do: 'hold', symbol: draw.pick(SYMBOLS), how, forMs: draw.ms(2_000, LASTS_MAX_MS) });
  }
}

const HAPPENS: readonly ((draw: Draw, at: number) => void)[] = [shock, temper, held];

export function drawMarket(seed: string, virtualMs: number): readonly Step[] {
  const draw = new Draw(seededRandom(`${seed}/market-hand`), virtualMs);
  for (const happens of HAPPENS) if (draw.chance(CHANCE)) happens(draw, draw.ms(0, virtualMs * 0.9));
  return draw.steps;
}
