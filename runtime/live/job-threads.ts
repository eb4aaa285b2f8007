/**
 * Lanes of real work: one thread a job, so that a job can be ended whatever it does, and takes everything it held with it. The process
 * goes on answering while its jobs are busy.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LaneEnd, LaneWords, OpenLane } from '../jobs/run.ts';
import { storable } from '../text.ts';
import type { HostWord, ThreadWord } from './job-thread.ts';

/** One core stays with the product. */
export const laneCount = (): number => Math.max(1, availableParallelism() - 1);

const HEAP_MB_MAX = 2_048;

async function answer(words: LaneWords, asked: ThreadWord): Promise<unknown> {
  if (asked.word === 'save') return words.save(asked.progressRatio, asked.state, asked.output);
  if (asked.word === 'call') return words.call(asked.service, asked.argument);
  return undefined;
}

async function serve(thread: Worker, words: LaneWords, asked: ThreadWord & { readonly id: number }): Promise<void> {
  const { id } = asked;
  let word: HostWord;
  try {
    word = { word: 'answer', id, value: await answer(words, asked) };
  } catch (error) {
    const { message, retryable } = error as { message: string; retryable?: boolean };
    word = { word: 'failure', id, message, retryable: retryable !== false };
  }
  thread.postMessage(word);
}

/** `file` is a built file that calls `serveJobThread`. */
export function threadLanes(file: string): OpenLane {
  return (work, words) => {
    const thread = new Worker(file, {
      workerData: work,
      name: `job ${work.kind}`,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    let settle = (_end: LaneEnd): void => undefined;
    const ended = new Promise<LaneEnd>((resolve) => {
      settle = resolve;
    });
    thread.on('message', (word: ThreadWord) => {
      if (word.word === 'end') settle(word.end);
      else if (word.word === 'progress') words.progress(word.progressRatio);
      else void serve(thread, words, word);
    });
    thread.on('error', (error: Error) => settle({ end: 'died', reason: storable(error.message) }));
    thread.on('exit', (code) => settle({ end: 'died', reason: `the thread ended with code ${code}` }));
    return {
      ended,
      leave: () => thread.postMessage({ word: 'leave' } satisfies HostWord),
      kill: () => void thread.terminate(),
    };
  };
}
