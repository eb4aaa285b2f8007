/** A5 on deadlines that did not fire, or too early. */
import { expect, test } from 'vitest';
import { ended, findingsOf, History, submitted } from '../testing/history.ts';
import { deadlinesKept } from './deadlines-kept.ts';

const away = {
  ...ended(),
  end: 'denied' as const,
  denial: {
    code: 'GATE_UNAVAILABLE',
    class: 'unavailable',
    explanation: 'A gate did not answer in time.',
    numbers: {},
  },
} as const;

function givenUpAfter(ms: number): string[] {
  const history = new History().say(submitted());
  history.at += ms - 1;
  return findingsOf(deadlinesKept(), history.say(away));
}

test('gates are waited for five seconds, no less and not much longer', () => {
  expect(givenUpAfter(5_000)).toEqual([]);
  expect(givenUpAfter(4_000)).toEqual(['order trade-1 was given up by its gates after 4000 ms']);
  expect(givenUpAfter(7_000)).toEqual(['order trade-1 was in its gates for 7000 ms']);
});

test('what is due while the agent of orders is away is due when it is back', () => {
  const back = (lateMs: number): string[] => {
    const history = new History().say(submitted());
    history.at += 20_000;
    history.say({ type: 'agent.restarted', agent: 'orders', reason: 'planted' } as never);
    history.at += lateMs;
    return findingsOf(deadlinesKept(), history.say(away));
  };
  expect(back(500)).toEqual([]);
  expect(back(1_500)).toHaveLength(1);
});

test('what a clock has been put forward over is due then', () => {
  const forward = (lateMs: number): string[] => {
    const history = new History().say(submitted());
    history.at += 30_000;
    const putForwardAt = history.at;
    history.at += lateMs;
    const records = history.say(away).records.map((record) => ({ ...record, putForwardAt }));
    return findingsOf(deadlinesKept(), { records });
  };
  expect(forward(900)).toEqual([]);
  expect(forward(1_500)).toEqual(['order trade-1 was in its gates for 31501 ms']);
});

test('finds a deadline that is overdue at rest', () => {
  const history = new History();
  const row = (due: number) => ({
    agent: 'oversight',
    entity: 'req-1',
    version: 1,
    state: JSON.stringify({ state: {}, deadlines: [['validity', due, { type: 'x' }]] }),
  });
  const rest = (due: number) => history.rest({ stored: { rows: [row(due)], cursors: [], effects: [] } });
  expect(findingsOf(deadlinesKept(), history, rest(history.at + 1))).toEqual([]);
  expect(findingsOf(deadlinesKept(), history, rest(history.at - 2_000))).toEqual([
    'the deadline validity of oversight req-1 is 2000 ms overdue',
  ]);
});
