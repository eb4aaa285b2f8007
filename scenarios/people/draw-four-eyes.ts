/**
 * Worlds in which two people are needed: who asked for a trade does not approve it, and who stopped does not release. What one of them would
 * have done, somebody else does; or he tries himself and is refused, once or twice at one moment; or the other comes late, or never.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import { Draw } from './draw.ts';
import type { Script, Step } from './script.ts';

const CHANCE = 0.12;
/** Who never asks for anything himself, and is nobody else. */
const SECOND = 'second';
const LATE_MAX_MS = 60_000;

type Own = Step & { readonly deed: { readonly do: 'decide' | 'release' } };

const needsTwo = (step: Step): step is Own => step.deed.do === 'decide' || step.deed.do === 'release';

function secondComes(draw: Draw, { who, deed, atMs }: Own, afterMs: number): void {
  draw.add(atMs + afterMs, SECOND, deed.do === 'release' ? { ...deed, of: who } : deed);
}

const HAPPENS: readonly ((draw: Draw, step: Own) => void)[] = [
  (draw, step) => secondComes(draw, step, 0),
  (draw, step) => secondComes(draw, step, draw.ms(1_000, LATE_MAX_MS)),
  (draw, step) => {
    draw.add(step.atMs, step.who, step.deed);
    secondComes(draw, step, draw.ms(0, LATE_MAX_MS));
  },
  (draw, step) => {
    for (let time = 0; time < 2; time += 1) draw.add(step.atMs, step.who, step.deed);
    secondComes(draw, step, draw.ms(1_000, LATE_MAX_MS));
  },
  (draw, step) => draw.add(step.atMs, step.who, step.deed),
];
/** Most often the other one comes in time, or nobody would trade any more. */
const HOW_OFTEN = [6, 8, 9, 9.7, 10] as const;

export type FourEyes = Pick<Script, 'fourEyes'> & Required<Pick<Script, 'people' | 'steps'>>;

/** Undefined in worlds in which one person is enough; else all steps, and who there is besides. */
export function drawFourEyes(seed: string, virtualMs: number, steps: readonly Step[]): FourEyes | undefined {
  const draw = new Draw(seededRandom(`${seed}/four-eyes`), virtualMs);
  if (!draw.chance(CHANCE)) return undefined;
  for (const step of steps) {
    if (!needsTwo(step)) {
      draw.steps.push(step);
      continue;
    }
    const at = draw.between(0, HOW_OFTEN[HOW_OFTEN.length - 1]!);
    HAPPENS[HOW_OFTEN.findIndex((below) => at < below)]!(draw, step);
  }
  return { fourEyes: true, people: { [SECOND]: ['supervisor'] }, steps: draw.steps };
}
