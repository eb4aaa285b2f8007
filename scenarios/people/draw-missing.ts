/**
 * Worlds in which limits are missing, drawn apart from everything else: from the beginning, or taken away under way, and often brought
 * back. The crowd goes on trading, and somebody asks on purpose for what nobody has limited.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import { Draw, SYMBOLS, tradeOf } from './draw.ts';
import { ALL_ACCOUNTS, ALL_INSTRUMENTS, DEFAULT_ACCOUNT, EVERYTHING } from './missing-limits.ts';
import type { ScriptLimits, Step } from './script.ts';

const CHANCE = 0.1;
const OPERATOR = 'operator';
const HOPEFUL = 'hopeful';
const CLASSES = ['class:equity', 'class:fx', 'class:crypto'] as const;

/** One instrument most often, so that most of a world goes on as ever. */
function drawNames(draw: Draw, symbol: string): readonly string[] {
  const kind = draw.random.next();
  if (kind < 0.45) return [symbol];
  if (kind < 0.6) return [draw.pick(CLASSES)];
  return [draw.pick([DEFAULT_ACCOUNT, DEFAULT_ACCOUNT, ALL_ACCOUNTS, ALL_INSTRUMENTS, EVERYTHING])];
}

export type Missing = Pick<ScriptLimits, 'missing'> & { readonly steps: readonly Step[] };

export function drawMissing(seed: string, virtualMs: number): Missing {
  const draw = new Draw(seededRandom(`${seed}/missing-limits`), virtualMs);
  if (!draw.chance(CHANCE)) return { steps: [] };
  const symbol = draw.pick(SYMBOLS);
  const missing = drawNames(draw, symbol);
  // Nobody can take away everything: a change is a whole set.
  const fromTheStart = missing.includes(EVERYTHING) || draw.chance(0.5);
  const goneAt = fromTheStart ? 0 : draw.ms(0, virtualMs * 0.5);
  if (!fromTheStart) draw.add(goneAt, OPERATOR, { do: 'limits', missing });
  for (let at = goneAt, count = draw.ms(3, 9); count > 0; count -= 1) {
    at += draw.ms(500, 8_000);
    draw.add(at, HOPEFUL, { ...tradeOf(draw, draw.between(100, 8_000)), symbol });
  }
  if (draw.chance(0.6)) draw.add(goneAt + draw.ms(5_000, 60_000), OPERATOR, { do: 'limits', missing: [] });
  return { steps: draw.steps, ...(fromTheStart && { missing }) };
}
