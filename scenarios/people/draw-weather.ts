/**
 * What comes over a world from outside, drawn apart from everything else so that a world without it stays what it was: the product's clock
 * is set wrong and right again, and the venue starts anew or loses the line. Without faults nothing of it happens.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import { Draw } from './draw.ts';
import type { Script, Step } from './script.ts';

const CHANCE = 0.15;
const STEP_MAX_MS = 120_000;
const LOOKUP_CHANCE = 0.1;
const NONE_CHANCE = 0.1;

function clockStep(draw: Draw, at: number): void {
  const byMs = draw.ms(-STEP_MAX_MS, STEP_MAX_MS + 1);
  draw.add(at, 'world', { do: 'step-clock', byMs, forMs: draw.ms(1_000, 90_000) });
}

function interruption(draw: Draw, at: number): void {
  const how = draw.pick(['restart', 'restart', 'connection-cut'] as const);
  draw.add(at, 'world', { do: 'interrupt-venue', how, forMs: draw.ms(200, 60_000) });
}

const WEATHER: readonly ((draw: Draw, at: number) => void)[] = [clockStep, interruption];

/** Few venues do not know an order that comes again; some of those cannot even be asked for one. */
export function drawIdempotency(seed: string): Pick<Script, 'idempotency'> {
  const kind = seededRandom(`${seed}/idempotency`).next();
  if (kind < LOOKUP_CHANCE) return { idempotency: 'lookup' };
  return kind < LOOKUP_CHANCE + NONE_CHANCE ? { idempotency: 'none' } : {};
}

export function drawWeather(seed: string, virtualMs: number): readonly Step[] {
  const draw = new Draw(seededRandom(`${seed}/weather`), virtualMs);
  for (const happens of WEATHER) if (draw.chance(CHANCE)) happens(draw, draw.ms(0, virtualMs * 0.9));
  return draw.steps;
}
