/**
 * A strategy that trades live for a while in a simulated world whose venue misbehaves, is healed and stopped: what it says that it holds, what
 * the account holds, and what the venue has. One position at a time, entered and left many times.
 */
import { NO_FAULTS, type VenueFaults } from '../../adapters/paper/faults.ts';
import type { SimulatedPlace } from '../../db/simulated/database.ts';
import { NO_WORLD_FAULTS } from '../faults.ts';
import { developmentProfile, simulatedSettings } from '../settings.ts';
import { RunDesk } from './run-desk.ts';

export const ACCOUNT = 'demo-fx';
export const LIVE_TASK = {
  ...{ task_type: 'trading', name: 'Live', strategy_type: 'max', instrument: 'EUR_USD', account_id: ACCOUNT },
  parameters: {
    ...{ impulse: 0.00015, pullback: 0.00005, confirmation: 0.00005, target: 0.0001, stop: 0.0001 },
    quantity: 1000,
  },
};
export const liveAccounts = developmentProfile().accounts ?? [];

interface Executed {
  readonly action: string;
  readonly direction: string;
  readonly units: number;
}

/** What the run's events say that it holds: long is positive. */
export async function heldByRun(desk: RunDesk): Promise<number> {
  const lines = (await desk.lines('event')).filter(({ kind }) => kind === 'trade_executed');
  return lines
    .map(({ payload }) => JSON.parse(payload) as Executed)
    .reduce((sum, { action, direction, units }) => {
      const sign = (action === 'open' ? 1 : -1) * (direction === 'long' ? 1 : -1);
      return Math.round((sum + sign * units) * 1e8) / 1e8;
    }, 0);
}

export function heldByAccount(desk: RunDesk): number {
  const positions = desk.world.product?.view.positionsOfAccount(ACCOUNT) ?? [];
  return Number(positions.find(({ symbol }) => symbol === 'EURUSD')?.quantity ?? 0);
}

/** What the venue's orders add up to. */
export function heldByVenue({ world }: RunDesk): number {
  let held = 0;
  for (const { order, fills } of world.venue.orders().values())
    for (const { quantity } of fills) held += (order.side === 'buy' ? 1 : -1) * Number(quantity);
  return Math.round(held * 1e8) / 1e8;
}

interface LiveDayOptions {
  readonly place?: SimulatedPlace;
  /** How often the process dies meanwhile. */
  readonly kills?: number;
  readonly forMs?: number;
}

export interface LiveDay {
  readonly desk: RunDesk;
  readonly complaints: readonly string[];
}

/** `forMs` of virtual time under these faults, then a healthy venue and a stop; returns when the run has ended. */
export async function liveDay(
  seed: string,
  faults: Partial<VenueFaults>,
  { place, kills = 0, forMs = 600_000 }: LiveDayOptions = {},
): Promise<LiveDay> {
  const venue = { ...NO_FAULTS, ...faults };
  const settings = simulatedSettings({ accounts: liveAccounts });
  const desk = await new RunDesk(seed, {
    ...{ settings, faults: { ...NO_WORLD_FAULTS, venue } },
    ...(place && { place }),
  }).open();
  await desk.started(LIVE_TASK);
  for (let stretch = 0; stretch <= kills; stretch += 1) {
    await desk.pass(forMs / (kills + 1));
    if (stretch < kills) desk.world.kill();
  }
  desk.world.setFaults(NO_WORLD_FAULTS);
  await desk.pass(5_000);
  await desk.post('1/stop/');
  await desk.until(({ status }) => status === 'stopped');
  const lines = (await desk.lines('event')).filter(({ kind }) => kind === 'error_occurred');
  return { desk, complaints: lines.map(({ payload }) => (JSON.parse(payload) as { message: string }).message) };
}
