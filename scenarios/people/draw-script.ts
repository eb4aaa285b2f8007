/**
 * Draws a script from a seed: traders who buy, sell, rest, cancel and race for the same room, a supervisor who decides late, twice or
 * never, a warden who stops one or all, crashes, midnights, and now and then what hardly ever happens. The same seed gives the same script.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import { drawFaults, NO_WORLD_FAULTS } from '../faults.ts';
import { WORLD_STARTS_AT } from '../world.ts';
import { Draw, tradeOf } from './draw.ts';
import { drawAttacker } from './draw-attacker.ts';
import { drawCareless } from './draw-careless.ts';
import { drawDoors, drawWorkers } from './draw-doors.ts';
import { drawFourEyes } from './draw-four-eyes.ts';
import { drawMarket } from './draw-market.ts';
import { drawMissing } from './draw-missing.ts';
import { drawRare } from './draw-rare.ts';
import { drawIdempotency, drawWeather } from './draw-weather.ts';
import { drawWork } from './draw-work.ts';
import type { Deed, Script, ScriptLimits, Step } from './script.ts';
import { Spells } from './spells.ts';

/** Shortly before a midnight UTC, the end of a month, and both hours at which clocks are put back in New York and in Berlin. */
const SPECIAL_STARTS = [
  Date.UTC(2026, 2, 2, 23, 57),
  Date.UTC(2026, 2, 31, 23, 57),
  Date.UTC(2026, 9, 25, 0, 57),
  Date.UTC(2026, 10, 1, 5, 57),
];

function drawTrade(draw: Draw, at: number, who: string, raceValue: number): void {
  const kind = draw.random.next();
  const large = draw.chance(0.1);
  const trade = tradeOf(draw, large ? draw.between(50_000, 110_000) : draw.between(100, 8_000));
  if (kind < 0.07) {
    // Two at one moment, each with more than half of the room.
    const both = { ...trade, side: 'buy' as const, type: 'market' as const, value: raceValue };
    draw.add(at, who, both);
    draw.add(at, who, both);
  } else if (kind < 0.17) {
    draw.add(at, who, { ...trade, type: 'limit', priceRatio: trade.side === 'buy' ? 0.985 : 1.015 });
    draw.add(at + draw.ms(0, 3_000), who, { do: 'cancel', which: 'newest' });
    if (draw.chance(0.3)) {
      const stopAt = at + draw.ms(0, 3_200);
      draw.add(stopAt, 'warden', { do: 'stop', whom: who });
      draw.add(stopAt + draw.ms(2_000, 15_000), 'warden', { do: 'release' });
    }
  } else draw.add(at, who, trade);
}

function drawTrader(draw: Draw, who: string, pauseMaxMs: number, raceValue: number): void {
  for (let at = draw.ms(0, 2_000); at < draw.until; at += draw.ms(200, 200 + pauseMaxMs)) {
    const what = draw.random.next();
    if (what < 0.7) drawTrade(draw, at, who, raceValue);
    else if (what < 0.87) draw.add(at, who, { do: 'cancel', which: draw.chance(0.5) ? 'oldest' : 'newest' });
    else draw.add(at, who, { do: 'look', at: draw.pick(['trades', 'quota', 'trader'] as const) });
  }
  if (!draw.chance(0.12)) return;
  const at = draw.ms(draw.until * 0.5, draw.until);
  if (draw.chance(0.4)) {
    draw.add(at - draw.ms(0, 1_000), 'warden', draw.chance(0.5) ? { do: 'stop' } : { do: 'stop', whom: who });
    draw.add(at + draw.ms(5_000, 20_000), 'warden', { do: 'release' });
  }
  draw.add(at, who, { do: 'terminate' });
}

function drawHouse(draw: Draw): void {
  const decideMaxMs = draw.chance(0.3) ? 240_000 : 22_000;
  for (let at = draw.ms(2_000, decideMaxMs); at < draw.until; at += draw.ms(2_000, decideMaxMs)) {
    const mood = draw.pick(['approve', 'approve', 'reject', 'both', 'twice'] as const);
    draw.add(at, 'supervisor', { do: 'decide', mood, about: draw.chance(0.6) ? 'all' : 'first' });
  }
  const stopEveryMs = draw.ms(60_000, 600_000);
  for (let at = draw.ms(0, stopEveryMs); at < draw.until; at += draw.ms(stopEveryMs * 0.5, stopEveryMs * 1.5)) {
    draw.add(at, 'warden', { do: 'stop' });
    draw.add(at + draw.ms(1_000, 20_000), 'warden', { do: 'release' });
  }
  for (let crashes = draw.ms(0, 4); crashes > 0; crashes -= 1)
    draw.add(draw.between(0, draw.until), 'world', { do: 'crash' });
  const forMs = draw.ms(200, 8_000);
  if (draw.chance(0.15)) draw.add(draw.between(0, draw.until - forMs - 1), 'world', { do: 'fill-disk', forMs });
}

function drawLimits(draw: Draw): ScriptLimits {
  return {
    ...(draw.chance(0.3) && { quotaDailyTrades: draw.ms(4, 40) }),
    ...(draw.chance(0.3) && { quotaDailyVolume: draw.ms(40_000, 400_000) }),
    ...(draw.chance(0.4) && { exposureMax: String(draw.ms(20_000, 250_000)) }),
  };
}

const DEATHS: ReadonlySet<string> = new Set(['crash', 'fill-disk', 'kill-worker', 'lose-queue'] satisfies Deed['do'][]);

/** What is left of a step in a world in which nothing goes wrong: nobody dies, no disk is full, no line is cut. */
function undisturbed(step: Step): Step[] {
  const { deed } = step;
  if (DEATHS.has(deed.do)) return [];
  if (deed.do !== 'upload') return [step];
  const { cutAfterMs: _never, ...whole } = deed;
  return [{ ...step, deed: whole }];
}

const COMMISSIONS_BPS = ['0', '0', '0.5', '2'] as const;

export function drawScript(seed: string, virtualMs: number, faults: boolean): Script {
  const random = seededRandom(`${seed}/script`);
  const spells = new Spells(seededRandom(`${seed}/spells`), virtualMs);
  const draw = new Draw(random, spells.workMs);
  const { steps: unlimited, ...none } = drawMissing(seed, spells.workMs);
  const drawn = drawLimits(draw);
  const attacked = drawAttacker(seed, spells.workMs, drawn.exposureMax);
  const limits = { ...drawn, ...attacked.limits, ...none };
  const startsAt = draw.chance(0.25) ? draw.pick(SPECIAL_STARTS) : WORLD_STARTS_AT;
  const pauseMaxMs = draw.between(2_000, 15_000);
  const raceValue = drawn.exposureMax === undefined ? 5_000 : Number(drawn.exposureMax) * 0.55;
  const traders = draw.ms(1, 6);
  for (let index = 0; index < traders; index += 1) drawTrader(draw, `trader-${index}`, pauseMaxMs, raceValue);
  drawHouse(draw);
  drawRare(draw, faults);
  const commissionBps = draw.pick(COMMISSIONS_BPS);
  const work = drawWork(seed, spells.workMs);
  const { steps: atDoors, people: atTheDoors, ...doors } = drawDoors(seed, spells.workMs);
  const people = attacked.people ? { ...atTheDoors, ...attacked.people } : atTheDoors;
  const careless = drawCareless(seed, spells.workMs);
  const told = [
    ...draw.steps,
    ...work.steps,
    ...atDoors,
    ...drawMarket(seed, spells.workMs),
    ...unlimited,
    ...careless,
    ...attacked.steps,
  ];
  const begunMs = told.flatMap(({ deed, atMs }) => (deed.do === 'backtest' ? [atMs] : []));
  const { steps: lost, ...workers } = drawWorkers(seed, spells.workMs, begunMs);
  const two = drawFourEyes(seed, spells.workMs, told);
  const happens = [...(two?.steps ?? told), ...lost];
  const steps = (faults ? [...happens, ...drawWeather(seed, spells.workMs)] : happens.flatMap(undisturbed))
    .map((step) => ({ ...step, atMs: spells.at(step.atMs) }))
    .sort((a, b) => a.atMs - b.atMs);
  const budgets = attacked.budgets ? { ...work.budgets, ...attacked.budgets } : work.budgets;
  const wrong = faults ? drawFaults(seed) : NO_WORLD_FAULTS;
  const known = two ? { fourEyes: true, people: { ...people, ...two.people } } : people && { people };
  const around = { past: true, ...drawIdempotency(seed), ...doors, ...workers } as const;
  return { startsAt, virtualMs, faults: wrong, limits, commissionBps, budgets, ...known, ...around, steps };
}
