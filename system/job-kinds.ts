/** Every kind of work that runs in the background, listed once: the product, its threads and the workers on other machines know the same. */
import { backtestKind } from '../runs/backtest/backtest.ts';
import { rehearsal } from '../runtime/jobs/rehearsal.ts';
import type { JobKind } from '../runtime/jobs.ts';
import { seededRandom } from '../runtime/simulated/random.ts';

export const JOB_KINDS: readonly JobKind[] = [rehearsal, backtestKind(seededRandom)];
