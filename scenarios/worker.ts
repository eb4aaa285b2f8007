/** A thread of `npm run scenario` and `npm run simulate`: takes one task after the other and answers each. */
import { servePool } from '../runtime/live/thread-pool.ts';
import { perform, type Task } from './jobs/task.ts';

servePool((task: Task) => perform(task));
