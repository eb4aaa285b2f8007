/** Where background work runs: threads of this process, or workers on a queue; in both the database remembers it. */
import { openRedisQueue } from '../adapters/redis/queue.ts';
import { JOB_THREAD } from '../db/client/package-root.ts';
import { databaseIdentity } from '../db/jobs/identity.ts';
import type { OpenedPlace } from '../db/open.ts';
import { JobAttendant } from '../runtime/jobs/attend.ts';
import { DistributedJobs } from '../runtime/jobs/distributed.ts';
import { LocalJobs } from '../runtime/jobs/local.ts';
import type { QueueServer } from '../runtime/jobs/queue.ts';
import type { JobRow } from '../runtime/jobs/rows.ts';
import type { Jobs } from '../runtime/jobs.ts';
import { liveRandom } from '../runtime/live/ambient.ts';
import { laneCount, threadLanes } from '../runtime/live/job-threads.ts';
import type { Clock, Log } from '../runtime/ports.ts';
import { JOB_KINDS } from './job-kinds.ts';
import { serviceDesk } from './job-services.ts';
import type { Settings } from './settings.ts';

type Place = Pick<OpenedPlace, 'jobs' | 'database' | 'series'>;

/** House and workers of one database meet in one queue, however each spells the database's address. */
export const queueName = async ({ database }: Pick<Place, 'database'>): Promise<string> =>
  `pitwall-jobs-${await databaseIdentity(database.query)}`;

const attendance = ({ jobs, series }: Place, clock: Clock, log: Log) => ({
  ...{ rows: jobs, kinds: JOB_KINDS, lane: threadLanes(JOB_THREAD), clock, log, call: serviceDesk(series) },
  random: liveRandom(),
});

export const openAttendant = (place: Place, clock: Clock, log: Log, told: (row: JobRow) => void): JobAttendant =>
  new JobAttendant({ ...attendance(place, clock, log), told });

/** The queue is left before the attendant: what it gives to one that takes nothing any more would be gone from it. */
export async function closeWorker(
  server: Pick<QueueServer, 'close'>,
  attendant: Pick<JobAttendant, 'close'>,
): Promise<void> {
  // Resolves only when what is in hand has been let go of.
  const left = server.close();
  await attendant.close();
  await left;
}

export function openJobs({ redisUrl: url }: Pick<Settings, 'redisUrl'>, place: Place, clock: Clock, log: Log): Jobs {
  if (url === undefined)
    return new LocalJobs({ ...attendance(place, clock, log), kind: 'threads', lanes: laneCount() });
  const openQueue = async () => openRedisQueue({ url, name: await queueName(place), log });
  return new DistributedJobs({ rows: place.jobs, openQueue, clock, log });
}
