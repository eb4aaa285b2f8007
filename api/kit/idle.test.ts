/** Who is waited for, and for how long. */
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { SimulatedClock } from '../../runtime/simulated/clock.ts';
import { IDLE_MS_MAX, watchIdle } from './idle.ts';
import type { Problem } from './problem.ts';

function watched() {
  const clock = new SimulatedClock(0);
  const source = new Readable({ read: () => undefined });
  const problems: Problem[] = [];
  const end = watchIdle(source, clock, (problem) => problems.push(problem));
  const pass = (ms: number): void => {
    for (const until = clock.monotonic() + ms; clock.step(until); );
  };
  return { source, problems, end, pass, clock };
}

test('a source that is silent for too long fails once', () => {
  const { problems, pass, clock } = watched();
  pass(IDLE_MS_MAX - 1);
  expect(problems).toEqual([]);
  pass(1);
  expect(problems).toMatchObject([{ status: 408, headers: { Connection: 'close' } }]);
  pass(IDLE_MS_MAX * 3);
  expect(problems).toHaveLength(1);
  expect(clock.nextDue()).toBeUndefined();
});

test('each piece begins the time anew', async () => {
  const { source, problems, pass } = watched();
  for (let count = 0; count < 5; count += 1) {
    source.push('x');
    await new Promise((resolve) => setImmediate(resolve));
    pass(IDLE_MS_MAX - 1);
  }
  expect(problems).toEqual([]);
  pass(1);
  expect(problems).toHaveLength(1);
});

test('time in which we do not take what comes is not the time of who sends', () => {
  const { source, problems, pass } = watched();
  source.pause();
  pass(IDLE_MS_MAX * 10);
  expect(problems).toEqual([]);
  source.resume();
  pass(IDLE_MS_MAX * 2);
  expect(problems).toHaveLength(1);
});

test('a watch that was ended leaves nothing behind', () => {
  const { problems, end, pass, clock } = watched();
  end();
  expect(clock.nextDue()).toBeUndefined();
  pass(IDLE_MS_MAX * 2);
  expect(problems).toEqual([]);
});
