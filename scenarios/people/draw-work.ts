/**
 * What few people do, drawn apart from the crowd so that one does not shift the other: files are uploaded and cut off, backtests run, a bot
 * trades, somebody spends his budget, somebody buys while he is being shown out, and a process dies behind a hand-over.
 */
import { seededRandom } from '../../runtime/simulated/random.ts';
import { Draw, tradeOf } from './draw.ts';
import type { Script, Step } from './script.ts';

const CHANCE = 0.15;
const SMALL_BUDGET = 5_000;
const SPENDER = 'spender';
/** Moves after which a bot trades: from any tick to what takes minutes. */
const POINTS_MIN = 0.002;
const POINTS_SPREAD = 50;
const UNLUCKY = 5;
const DEATH_CHANCE = 0.25;
/** Futures are imported, equities are traded. */
const FILES = ['NQ', 'ES'] as const;

const buy = (draw: Draw, value: number) =>
  ({ ...tradeOf(draw, value), side: 'buy', type: 'market', priceRatio: 1 }) as const;

/** Whoever has seen it die stops everything, or wants his order back, while nobody can tell whether the venue has it. */
function takeItBack(draw: Draw, diesAt: number): void {
  if (draw.chance(0.5)) {
    const stopAt = diesAt + draw.ms(500, 9_000);
    draw.add(stopAt, 'guard', { do: 'stop' });
    draw.add(stopAt + draw.ms(20_000, 60_000), 'guard', { do: 'release' });
  }
  for (let who = 0; who < UNLUCKY; who += 1)
    if (draw.chance(0.4))
      draw.add(diesAt + draw.ms(1_000, 60_000), `unlucky-${who}`, { do: 'cancel', which: 'newest' });
}

/**
 * The process dies behind a hand-over, the next ones perhaps too, and each asks the venue for orders that are still on their way: they arrive,
 * and parts of them are filled, before it has heard the answer.
 */
function deathBehindAHandOver(draw: Draw, at: number): void {
  const symbol = draw.pick(['AAPL', 'NVDA', 'MSFT'] as const);
  const order = { ...buy(draw, 6_000), symbol, type: 'limit', priceRatio: 0.985 } as const;
  for (let who = 0; who < UNLUCKY; who += 1) draw.add(at, `unlucky-${who}`, { do: 'look', at: 'trader' });
  for (let who = 0; who < UNLUCKY; who += 1)
    for (let times = draw.ms(1, 5); times > 0; times -= 1) draw.add(at + 6_000, `unlucky-${who}`, order);
  const diesAt = at + 6_000 + draw.ms(15, 120);
  for (let deaths = draw.ms(1, 4), from = diesAt; deaths > 0; deaths -= 1, from += draw.ms(3_000, 15_000))
    draw.add(from, 'world', { do: 'crash' });
  takeItBack(draw, diesAt);
  for (let flashes = 0; flashes < 6; flashes += 1)
    draw.add(at + 8_000 + draw.ms(0, 60_000), 'world', { do: 'flash', symbol, priceRatio: 0.982 });
}

/** The same file comes once or twice; now and then the line is cut on the way. */
function uploads(draw: Draw, at: number): void {
  const symbol = draw.pick(FILES);
  for (let times = draw.ms(1, 4), from = at; times > 0; times -= 1, from += draw.ms(3_000, 20_000)) {
    const takesMs = draw.ms(0, 4_000);
    const cut = draw.chance(0.4) ? { cutAfterMs: draw.ms(1, takesMs + 2_000) } : {};
    draw.add(from, 'importer', { do: 'upload', symbol, ticks: draw.ms(100, 2_000), takesMs, ...cut });
  }
}

function backtests(draw: Draw, at: number): void {
  draw.add(at, 'analyst', { do: 'backtest', symbol: 'EURUSD', hours: draw.ms(2, 12) });
  if (draw.chance(0.5)) draw.add(at + draw.ms(200, 4_000), 'world', { do: 'crash' });
}

function bots(draw: Draw, at: number): void {
  // Soon, and at small moves, so that in a short world too it has traded when the process dies.
  const from = at * 0.3;
  const points = POINTS_MIN * POINTS_SPREAD ** draw.random.next();
  draw.add(from, 'bot', { do: 'bot', symbol: 'AAPL', points, quantity: draw.ms(1, 6) });
  const diesAfterMs = draw.ms(Math.min(20_000, draw.until * 0.4), Math.min(90_000, draw.until * 0.7));
  if (draw.chance(0.6)) draw.add(from + diesAfterMs, 'world', { do: 'crash' });
  if (draw.chance(0.5)) draw.add(draw.ms(at, draw.until), 'bot', { do: 'stop-bot' });
}

function spendTheBudget(draw: Draw, at: number): void {
  for (let times = 0; times < 5; times += 1) draw.add(at + times * 3_000, SPENDER, buy(draw, SMALL_BUDGET * 0.4));
}

/** Between the request to leave and the flat account lies a little while. */
function buyOnTheWayOut(draw: Draw, at: number): void {
  draw.add(at, 'lingerer', buy(draw, 3_000));
  const leavesAt = at + draw.ms(5_000, 15_000);
  draw.add(leavesAt, 'lingerer', { do: 'terminate' });
  for (const afterMs of [1, 8, 30, 120, 500]) draw.add(leavesAt + afterMs, 'lingerer', buy(draw, 1_000));
}

const WORK: readonly ((draw: Draw, at: number) => void)[] = [uploads, backtests, bots, spendTheBudget, buyOnTheWayOut];

export function drawWork(seed: string, virtualMs: number): Required<Pick<Script, 'budgets'>> & { steps: Step[] } {
  const draw = new Draw(seededRandom(`${seed}/work`), virtualMs);
  for (const happens of WORK) if (draw.chance(CHANCE)) happens(draw, draw.ms(0, virtualMs * 0.75));
  if (draw.chance(DEATH_CHANCE)) deathBehindAHandOver(draw, draw.ms(0, virtualMs * 0.75));
  return { steps: draw.steps, budgets: { [SPENDER]: SMALL_BUDGET } };
}
