/** The thread's side of a job: runs one job, talks to the process in messages, and leaves when it is told to. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type LaneEnd, type LaneWork, runJob } from '../jobs/run.ts';
import type { JobKind } from '../jobs.ts';

/** From the thread to the process. `id` wants an answer. */
export type ThreadWord =
  | {
      readonly word: 'save';
      readonly id: number;
      readonly progressRatio: number;
      readonly state: string;
      readonly output: string;
    }
  | { readonly word: 'call'; readonly id: number; readonly service: string; readonly argument: unknown }
  | { readonly word: 'progress'; readonly progressRatio: number }
  | { readonly word: 'end'; readonly end: LaneEnd };

/** From the process to the thread. */
export type HostWord =
  | { readonly word: 'leave' }
  | { readonly word: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly word: 'failure'; readonly id: number; readonly message: string; readonly retryable: boolean };

class CallFailed extends Error {
  constructor(
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
    this.name = 'CallFailed';
  }
}

class Line {
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private lastId = 0;

  constructor(
    private readonly port: MessagePort,
    leave: () => void,
  ) {
    port.on('message', (word: HostWord) => {
      if (word.word === 'leave') return leave();
      const waiting = this.waiting.get(word.id);
      this.waiting.delete(word.id);
      if (word.word === 'answer') waiting?.resolve(word.value);
      else waiting?.reject(new CallFailed(word.message, word.retryable));
    });
  }

  say(word: ThreadWord): void {
    this.port.postMessage(word);
  }

  ask(word: (id: number) => ThreadWord): Promise<unknown> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.say(word(id));
    });
  }
}

/** The body of the thread's file: runs what the thread was started with. */
export async function serveJobThread(kinds: readonly JobKind[]): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this file runs in a worker thread only');
  const controller = new AbortController();
  const line = new Line(port, () => controller.abort());
  const end = await runJob(kinds, workerData as LaneWork, {
    signal: controller.signal,
    now: () => performance.now(),
    // A full turn of the event loop, so that messages are read between two pieces.
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    save: async (progressRatio, state, output) => {
      await line.ask((id) => ({ word: 'save', id, progressRatio, state, output }));
    },
    progress: (progressRatio) => line.say({ word: 'progress', progressRatio }),
    call: (service, argument) => line.ask((id) => ({ word: 'call', id, service, argument })),
  });
  line.say({ word: 'end', end });
  port.close();
}
