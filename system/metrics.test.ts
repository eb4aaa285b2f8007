import { expect, it } from 'vitest';
import { BOUNDS } from '../runtime/bounds.ts';
import type { Message } from '../runtime/message.ts';
import { counter, counterEntries } from '../runtime/testing/samples.ts';
import { oneForOne, World } from '../runtime/testing/world.ts';
import { openMetrics } from './metrics.ts';

/** A runtime that has taken so many turns, and what it tells operators. */
async function after(turns: number) {
  const entries = [...counterEntries('a'), ...counterEntries('b')];
  const world = await new World({ entries, roster: oneForOne([counter('a'), counter('b')]) }).start();
  const metrics = openMetrics(world.runtime, undefined, { jump: 3 });
  const work = async (type: string, times: number) => {
    for (let turn = 0; turn < times; turn += 1) {
      world.runtime.tell({ type } as Message);
      await world.settle();
    }
  };
  await work('a.add', turns);
  return { world, work, text: () => metrics.text() };
}

it('counters are counters, and stay what they are however often somebody asks', async () => {
  const { world, text, work } = await after(5);
  await work('b.break', 1);
  await world.advance(1_000);
  await text();
  const told = await text();
  expect(told).toContain('pitwall_quotes_dropped_total{reason="jump"} 3');
  for (const name of ['agent_turns_total', 'agent_restarts_total', 'dead_letters_total', 'commit_groups_total'])
    expect(told).toContain(`# TYPE pitwall_${name} counter`);
  // Its waking up is a turn too.
  expect(told).toContain('pitwall_agent_turns_total{agent="a"} 6');
  expect(told).toContain('pitwall_agent_restarts_total{agent="b"} 1');
  expect(told).toMatch(/pitwall_commit_groups_total [1-9]/);
});

it('the time of turns is a histogram by agent, of one turn in so many', async () => {
  const { text, work } = await after(BOUNDS.turnsPerTiming * 2);
  const told = await text();
  expect(told).toContain('# TYPE pitwall_turn_seconds histogram');
  expect(told).toContain('pitwall_turn_seconds_count{agent="a"} 2');
  expect(told).not.toContain('pitwall_turn_seconds_count{agent="b"}');
  await work('b.add', BOUNDS.turnsPerTiming);
  expect(await text()).toContain('pitwall_turn_seconds_count{agent="b"} 1');
});
