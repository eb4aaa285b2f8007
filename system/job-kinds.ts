/** Every kind of work that runs in the background, listed once: the product, its threads and the workers on other machines know the same. */
import type { Packing } from '../market/series/pack.ts';
import { backtestKind } from '../runs/backtest/backtest.ts';
import { rehearsal } from '../runtime/jobs/rehearsal.ts';
import type { JobKind } from '../runtime/jobs.ts';
import { seededRandom } from '../runtime/simulated/random.ts';

/** `packing`: who unpacks stored rows; threads when absent. */
export const jobKinds = (packing?: Packing): readonly JobKind[] => [rehearsal, backtestKind(seededRandom, packing)];

export const JOB_KINDS = jobKinds();
