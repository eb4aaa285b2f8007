/** The file that a job's thread begins with. */
import { serveJobThread } from '../runtime/live/job-thread.ts';
import { JOB_KINDS } from './job-kinds.ts';

await serveJobThread(JOB_KINDS);
