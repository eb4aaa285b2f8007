/**
 * Plays a script in a world: each step begins at its moment, whatever has become of the steps before it. Nobody waits for anybody, so
 * that people meet as they meet in life; a trader comes into being at its first step.
 */
import type { World } from '../world.ts';
import { ClientCredentials, SHARED } from './credentials.ts';
import { MarketHand } from './market-hand.ts';
import { Player } from './player.ts';
import type { Script, Step } from './script.ts';

const BUDGET = 200_000;

/** Resolves when everybody has done everything and has gone home. */
export async function play(
  world: World,
  { steps, budgets, people }: Pick<Script, 'steps' | 'budgets' | 'people'>,
): Promise<void> {
  const players = new Map<string, Player>();
  const market = new MarketHand(world);
  const player = (name: string): Player => {
    let known = players.get(name);
    if (!known) {
      known = new Player(world, {
        name,
        shows: people?.[name] ? new ClientCredentials(world, name) : SHARED,
        budget: budgets?.[name] ?? BUDGET,
        others: player,
        market,
      });
      players.set(name, known);
    }
    return known;
  };
  const { runner } = world;
  const startedAt = world.now - runner.leaptMs;
  const waitFor = ({ atMs }: Step): number => startedAt + atMs + runner.leaptMs - world.now;
  const under: Promise<void>[] = [];
  const begin = ({ who, deed }: Step) => under.push(player(who).act(deed));
  for (const step of steps) {
    for (let waitMs = waitFor(step); waitMs > 0; waitMs = waitFor(step)) await runner.sleep(waitMs);
    begin(step);
  }
  await Promise.all(under);
}
