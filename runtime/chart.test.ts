import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyMachineSnapshot, assign, emit, enqueueActions, not, raise, setup } from 'xstate';
import { Chart } from './chart.ts';
import { isPlainTree } from './chart-tree.ts';
import type { Message } from './message.ts';
import { xstateReference } from './testing/xstate-reference.ts';

type Event = { type: 'go' | 'back' | 'in' | 'again' | 'self' | 'stay' | 'count' | 'end' | 'chain'; at?: number };
type Context = { readonly count: number; readonly path: readonly string[] };

const note = (step: string) => ({ type: 'note', params: step }) as const;

/** Nested states, re-entries, deadlines, guards, raises, eventless hops, actions on every border. */
const machine = setup({
  types: { context: {} as Context, events: {} as Event, emitted: {} as Message },
  delays: { lateness: ({ context }) => 100 + context.count },
  guards: {
    isOdd: ({ context }) => context.count % 2 === 1,
    isAbove: ({ context }, floor: number) => context.count > floor,
  },
  actions: {
    note: assign(({ context }, step: string) => ({ path: [...context.path, step] })),
    say: emit(({ context }, what: string) => ({ type: what, count: context.count })),
    countTwice: enqueueActions(({ context, event, enqueue, check }) => {
      enqueue.assign({ count: context.count + 1 });
      if (check(({ context: now }) => now.count > 2)) enqueue.emit({ type: 'was-above', by: event.type } as Message);
      enqueue(emit({ type: 'counted' }));
      enqueue.assign(({ context: now }) => ({ count: now.count + 1 }));
    }),
  },
}).createMachine({
  id: 'toy',
  context: { count: 0, path: [] },
  initial: 'outer',
  entry: { type: 'say', params: 'begun' },
  exit: { type: 'say', params: 'over' },
  on: { count: { actions: assign({ count: ({ context }) => context.count + 1 }) }, end: { target: '.ended' } },
  states: {
    outer: {
      entry: note('enter outer'),
      exit: note('leave outer'),
      initial: 'first',
      after: { lateness: 'other', 50: { guard: 'isOdd', actions: { type: 'say', params: 'soon' } } },
      on: {
        again: { target: 'outer', reenter: true },
        self: { target: 'outer' },
        back: { target: '.first' },
        stay: { actions: { type: 'say', params: 'stayed' } },
      },
      states: {
        first: {
          entry: [note('enter first'), { type: 'say', params: 'first' }],
          exit: note('leave first'),
          on: {
            go: [
              { guard: { type: 'isAbove', params: 3 }, target: '#toy.other', actions: note('jump') },
              { guard: not('isOdd'), target: 'second' },
            ],
            again: { target: 'first', reenter: true, actions: 'countTwice' },
            stay: { guard: 'isOdd' },
          },
        },
        second: {
          entry: [note('enter second'), raise({ type: 'count' })],
          exit: note('leave second'),
          after: { 10: { target: 'first' } },
          on: { go: { target: '#toy.other' }, in: { actions: 'countTwice' }, self: {} },
        },
      },
    },
    other: {
      entry: note('enter other'),
      exit: note('leave other'),
      initial: 'inner',
      states: { inner: { on: { chain: { target: '#toy.hop', actions: note('chain') } } } },
      on: { back: 'outer', in: { target: '#toy.outer.second' } },
    },
    hop: {
      entry: note('enter hop'),
      always: [
        { guard: { type: 'isAbove', params: 5 }, target: 'ended', actions: note('too many') },
        { guard: 'isOdd', target: 'other', actions: 'countTwice' },
        { target: 'outer' },
      ],
    },
    ended: { type: 'final', entry: [note('enter ended'), { type: 'say', params: 'ended' }] },
  },
});

const EVENTS = ['go', 'back', 'in', 'again', 'self', 'stay', 'count', 'end', 'chain'] as const;
const DEADLINES = ['xstate.after.lateness.toy.outer', 'xstate.after.50.toy.outer', 'xstate.after.10.toy.outer.second'];

describe('a prepared chart', () => {
  it('reaches the same states and says the same as XState itself, whatever comes', () => {
    const chart = new Chart(machine, 1_000);
    const anything = fc.array(fc.constantFrom(...EVENTS, ...DEADLINES), { maxLength: 30 });
    fc.assert(
      fc.property(anything, (types) => {
        const { said, scope } = xstateReference(machine);
        const outputs: Message[] = [];
        let theirs = machine.getInitialSnapshot(scope, undefined as never) as AnyMachineSnapshot;
        let ours = chart.initial(undefined, outputs);
        for (const type of types) {
          expect({ value: ours.value, status: ours.status, context: ours.context, outputs }).toEqual({
            value: theirs.value,
            status: theirs.status,
            context: theirs.context,
            outputs: said,
          });
          if (ours.status === 'done') return;
          const event = { type } as Event;
          const next = machine.transition(theirs as never, event, scope as never) as AnyMachineSnapshot;
          const step = chart.step(ours, event, outputs);
          expect(step === ours).toBe(next === theirs);
          theirs = next;
          ours = chart.resolve(step.value, step.context);
          if (step.leaf === ours.leaf) ours = step;
        }
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });

  it('is made only of plain trees', () => {
    const parallel = setup({}).createMachine({ type: 'parallel', states: { a: {}, b: {} } });
    const inner = setup({}).createMachine({
      initial: 'a',
      states: { a: { initial: 'b', states: { b: { type: 'final' } } } },
    });
    expect([machine, parallel, inner].map((one) => isPlainTree(one))).toEqual([true, false, false]);
  });

  it('refuses an action that does something itself', () => {
    const doing = setup({ actions: { shout: () => undefined } }).createMachine({
      initial: 'quiet',
      states: { quiet: { on: { go: { actions: 'shout' } } } },
    });
    const chart = new Chart(doing, 10);
    expect(() => chart.step(chart.initial(undefined, []), { type: 'go' }, [])).toThrow('may not do shout');
  });

  it('has a machine copy its own context, which an update of all fields replaces and an earlier state never notices', () => {
    let copies = 0;
    const copy = ({ count, path }: Context) => {
      copies += 1;
      return { count, path };
    };
    const copying = setup({ types: { context: {} as Context, events: {} as Event } }).createMachine({
      meta: { copy },
      context: { count: 0, path: [] },
      on: {
        count: { actions: assign({ count: ({ context }) => context.count + 1 }) },
        back: { actions: assign(({ context }) => ({ path: [...context.path, 'back'], count: context.count })) },
      },
      initial: 'only',
      states: { only: {} },
    });
    const chart = new Chart(copying, 10);
    const begun = chart.initial(undefined, []);
    const counted = chart.step(begun, { type: 'count' }, []);
    expect([begun.context, counted.context, copies]).toEqual([{ count: 0, path: [] }, { count: 1, path: [] }, 1]);
    expect([chart.step(counted, { type: 'back' }, []).context, copies]).toEqual([{ count: 1, path: ['back'] }, 1]);
  });

  it('comes to rest or fails', () => {
    const endless = setup({}).createMachine({ initial: 'a', states: { a: { always: 'b' }, b: { always: 'a' } } });
    expect(() => new Chart(endless, 10).initial(undefined, [])).toThrow('comes to no rest');
  });
});
