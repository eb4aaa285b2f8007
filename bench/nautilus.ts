/**
 * NautilusTrader's backtest engine as the reference of simulated orders: a market order at every tick, hedging, without its analysis
 * afterwards.
 */
import { join } from 'node:path';
import { bestRateOf, hasPeer, installPeer, PLACE, runPeer } from './harness.ts';
import { SIMULATED_ORDERS } from './workloads.ts';

const PEER = 'nautilus';
const PYTHON = join('.venv', 'bin', 'python');

export const hasNautilus = (): boolean => hasPeer(PEER);

export const installNautilus = (): void => installPeer(PEER, PYTHON);

/** Orders a second. */
export function measureNautilus(): number {
  const args = ['nautilus/peer.py', 'orders_hedging', '1', '1', 'bare'];
  const env = { N_ORDERS: String(SIMULATED_ORDERS) };
  const measured = runPeer<{ readonly filled: number }>(join(PLACE, PEER, PYTHON), args, env);
  const { filled } = measured.check;
  if (filled !== SIMULATED_ORDERS) throw new Error(`only ${filled} of ${SIMULATED_ORDERS} orders filled`);
  return bestRateOf(measured);
}
