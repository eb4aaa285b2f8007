/** Live runs are asked one by one: what one does not answer is its own. */
import { expect, it } from 'vitest';
import type { LiveGet } from '../messages/live.ts';
import type { RunRow } from '../projections/rows.ts';
import type { Message } from '../runtime/message.ts';
import { SimulatedClock } from '../runtime/simulated/clock.ts';
import { LiveWork } from './live-work.ts';

const row = (id: string): RunRow => ({ id, taskType: 'trading', open: true }) as RunRow;

it('hears the others when one run does not answer, and says which', async () => {
  const warnings: unknown[] = [];
  const quiet = (): void => undefined;
  const log = {
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (_event: string, fields: unknown) => warnings.push(fields),
  };
  const ask = async <Reply extends Message>(message: Message): Promise<Reply> => {
    const { executionId } = message as LiveGet;
    if (executionId === 1) throw new Error('no answer in time');
    const answer = {
      type: 'live.answered',
      executionId,
      found: true,
      state: 'running',
      reason: null,
      isNews: false,
      progressRatio: 0,
    };
    return answer as never;
  };
  const clock = new SimulatedClock(0);
  const work = new LiveWork({
    runtime: { ask },
    jobs: undefined,
    view: { openRuns: () => [row('1'), row('2')] },
    clock,
    log,
  });
  const heard = new Promise<string>((resolve) => work.listen(({ id }) => resolve(id)));
  work.look();
  expect(await heard).toBe('run-2');
  work.close();
  expect(warnings).toEqual([{ run: '1', reason: 'Error: no answer in time' }]);
});
