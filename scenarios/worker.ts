/** A thread of `npm run scenario` and `npm run simulate`: takes one task after the other and answers each. */
import { parentPort } from 'node:worker_threads';
import { perform, type Task } from './jobs/task.ts';

parentPort?.on('message', (task: Task) => {
  perform(task).then(
    (done) => parentPort?.postMessage({ done }),
    (error: unknown) =>
      parentPort?.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
