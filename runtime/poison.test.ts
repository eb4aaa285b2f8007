import { describe, expect, it, test } from 'vitest';
import type { Message } from './message.ts';
import { agent, command, counter, counterEntries, fact, outcomeOf, statusOf, underSeeds } from './testing/samples.ts';
import { oneForOne, World } from './testing/world.ts';

const entries = [...counterEntries('a'), fact('news'), command('tell')];

describe('a command that throws', () => {
  test('S10: is tried again, parked the third time, and the agent goes on with the next', () =>
    underSeeds(200, async (seed) => {
      const world = await new World({ entries, roster: oneForOne([counter('a')]), seed }).start();
      const poison = outcomeOf(world.runtime.ask({ type: 'a.break', times: 99 } as Message));
      const next = outcomeOf(world.runtime.ask({ type: 'a.add', amount: 3 } as Message));
      await world.advance(5_000);
      expect(poison.error).toMatchObject({ kind: 'unavailable' });
      expect(next.value).toMatchObject({ sum: 3 });
      expect(world.types()).toEqual([
        'agent.crashed',
        'agent.restarted',
        'agent.crashed',
        'agent.restarted',
        'agent.crashed',
        'agent.parked',
        'agent.restarted',
        'a.added',
      ]);
    }));

  it('once is answered by the next life', async () => {
    const world = await new World({ entries, roster: oneForOne([counter('a')]) }).start();
    const asked = outcomeOf(world.runtime.ask({ type: 'a.break' }));
    await world.advance(5_000);
    expect(asked.value).toMatchObject({ sum: 0 });
  });
});

describe('a fact that throws', () => {
  let cured = false;
  const paper = agent(
    'paper',
    0,
    (count, { value }, say) => {
      say({ type: 'news', value } as Message);
      return count + 1;
    },
    { accepts: ['tell'], durable: true },
  );
  const reader = (durable: boolean) =>
    agent<{ read: readonly unknown[] }>(
      'reader',
      { read: [] },
      ({ read }, { value }) => {
        if (value === 'bad' && !cured) throw new Error('indigestible');
        return { read: [...read, value] };
      },
      { reads: ['news'], accepts: ['a.add'], durable },
    );

  const world = async (durable: boolean, downs: string[] = []): Promise<World> => {
    cured = false;
    const hooks = { down: (agentName: string) => void downs.push(agentName) };
    const opened = await new World({ entries, roster: oneForOne([paper, reader(durable)]), hooks }).start();
    for (const value of ['good', 'bad', 'fine']) opened.runtime.tell({ type: 'tell', value } as Message);
    await opened.advance(5_000);
    return opened;
  };

  it.each([true, false])('keeps its reader down, and nobody is left waiting (durable: %s)', async (durable) => {
    const downs: string[] = [];
    const opened = await world(durable, downs);
    expect(statusOf(opened, 'reader')).toBe('down');
    expect(downs).toEqual(['reader']);
    expect(opened.of('agent.parked')).toHaveLength(0);
    await expect(opened.runtime.ask({ type: 'a.add' })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(opened.runtime.deliver({ type: 'a.add' })).toBe(false);
  });

  it.each([true, false])('is read when a named person lets it be tried again (durable: %s)', async (durable) => {
    const opened = await world(durable);
    cured = true;
    expect(opened.runtime.revisit('reader', 'retry', 'anna')).toBe(true);
    await opened.advance(1_000);
    const read = durable ? ['good', 'bad', 'fine'] : ['bad', 'fine'];
    expect(opened.runtime.peek('reader')).toEqual({ read });
    expect(opened.of('agent.revisited')).toMatchObject([{ by: 'anna', reason: 'retry' }]);
  });

  it.each([true, false])('is passed over when a named person skips it (durable: %s)', async (durable) => {
    const opened = await world(durable);
    expect(opened.runtime.revisit('reader', 'skip', 'anna')).toBe(true);
    await opened.advance(1_000);
    expect(opened.runtime.peek('reader')).toEqual({ read: durable ? ['good', 'fine'] : ['fine'] });
    opened.crash();
    const next = await new World({ entries, roster: oneForOne([paper, reader(durable)]), disk: opened.disk }).start();
    await next.advance(1_000);
    expect(statusOf(next, 'reader')).toBe('running');
  });

  it('can be skipped by nobody while its reader is up', async () => {
    const opened = await new World({ entries, roster: oneForOne([paper, reader(true)]) }).start();
    expect(opened.runtime.revisit('reader', 'skip', 'anna')).toBe(false);
    expect(opened.runtime.revisit('nobody', 'skip', 'anna')).toBe(false);
  });
});
