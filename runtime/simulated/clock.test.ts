/** Virtual time, as whoever stores it needs it. */
import { expect, test } from 'vitest';
import { SimulatedClock } from './clock.ts';

test('tells whole milliseconds whatever a timer asks for, and fires none early', () => {
  const clock = new SimulatedClock(1_000);
  const fired: number[] = [];
  for (const due of [1_000.2, 1_001.7, 1_002]) clock.at('monotonic', due, () => fired.push(clock.marketNow()));
  while (clock.step(2_000));
  expect(fired).toEqual([1_001, 1_002, 1_002]);
});
