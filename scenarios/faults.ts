/** What can go wrong around the product of one world, port by port; nothing of it; and what a seed draws of it. */
import { drawFeedFaults, type FeedFaults, NO_FEED_FAULTS } from '../adapters/feed/faulty.ts';
import { drawPastFaults, NO_PAST_FAULTS, type PastFaults } from '../adapters/feed/simulated-past.ts';
import { drawRates, NO_FAULTS, type VenueFaults } from '../adapters/paper/faults.ts';
import { drawTickFileFaults, NO_TICK_FILE_FAULTS, type TickFileFaults } from '../adapters/tick-files/simulated.ts';
import { type DatabaseFaults, drawDatabaseFaults, NO_DATABASE_FAULTS } from '../db/simulated/database.ts';
import { drawSeriesFaults, NO_SERIES_FAULTS, type SeriesFaults } from '../db/simulated/series.ts';
import { JOB_BOUNDS } from '../runtime/bounds.ts';
import type { Random } from '../runtime/ports.ts';
import { type AgentFaults, drawAgentFaults, NO_AGENT_FAULTS } from '../runtime/simulated/crashing-agents.ts';
import { drawQueueFaults, NO_QUEUE_FAULTS, type QueueFaults } from '../runtime/simulated/job-queue.ts';
import { seededRandom } from '../runtime/simulated/random.ts';

/** Virtual time of a piece of background work on a lane that is not slow. */
export const QUICK_PIECE_MS = 20;

/** Of background work. */
export interface JobFaults {
  /** Chance that a worker dies with a piece of work. */
  readonly deathRatio: number;
  /** A piece takes at least this long. */
  readonly slowMs: number;
}

const NO_JOB_FAULTS: JobFaults = { deathRatio: 0, slowMs: 0 };

const DEATH_PER_SECOND_MAX = 0.2;
const SLOW_MAX_MS = 2_000;

/**
 * Rates for one world, each off in a third of the worlds. Workers die by the second, up to the one in which their work is saved: by the piece
 * none of many quick ones would ever be saved, and a job that never gets further is given up, rightly.
 */
function drawJobFaults(random: Random): JobFaults {
  const [happens, how, slow] = [random.next(), random.next(), random.next()];
  const isSlow = random.fork('slow').next() >= 1 / 3;
  const slowMs = isSlow ? Math.round(slow * SLOW_MAX_MS) : 0;
  const pieceRatio = Math.min(1, Math.max(slowMs, QUICK_PIECE_MS) / JOB_BOUNDS.saveEveryMs);
  return { deathRatio: happens < 1 / 3 ? 0 : how * DEATH_PER_SECOND_MAX * pieceRatio, slowMs };
}

export interface WorldFaults {
  readonly venue: VenueFaults;
  readonly database: DatabaseFaults;
  readonly feed: FeedFaults;
  /** Of worlds that remember their market. */
  readonly past: PastFaults;
  readonly series: SeriesFaults;
  readonly files: TickFileFaults;
  readonly jobs: JobFaults;
  /** Of worlds whose background work is on a queue. */
  readonly queue: QueueFaults;
  readonly agents: AgentFaults;
}

export const NO_WORLD_FAULTS: WorldFaults = {
  venue: NO_FAULTS,
  database: NO_DATABASE_FAULTS,
  feed: NO_FEED_FAULTS,
  past: NO_PAST_FAULTS,
  series: NO_SERIES_FAULTS,
  files: NO_TICK_FILE_FAULTS,
  jobs: NO_JOB_FAULTS,
  queue: NO_QUEUE_FAULTS,
  agents: NO_AGENT_FAULTS,
};

/** By port, then by kind: a chance or a length of time; true and false for what always or never happens. */
export type FaultRates = Readonly<Record<string, Readonly<Record<string, number | boolean>>>>;

export const ratesOf = (faults: WorldFaults): FaultRates => faults as unknown as FaultRates;

/** Of one world, the feed's from its random itself and every other port's from a fork. The same seed gives the same rates. */
export function drawFaults(seed: string): WorldFaults {
  const random = seededRandom(`${seed}/faults`);
  return {
    venue: drawRates(random.fork('venue')),
    database: drawDatabaseFaults(random.fork('database')),
    feed: drawFeedFaults(random),
    past: drawPastFaults(random.fork('past')),
    series: drawSeriesFaults(random.fork('series')),
    files: drawTickFileFaults(random.fork('files')),
    jobs: drawJobFaults(random.fork('jobs')),
    queue: drawQueueFaults(random.fork('queue')),
    agents: drawAgentFaults(random.fork('agents')),
  };
}
