/** The machines of the house, in whole drawn worlds: each step of each is what XState itself makes of the same state and message. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { openMemory } from '../db/memory/open.ts';
import { Chart, type ChartState } from '../runtime/chart.ts';
import type { Message } from '../runtime/message.ts';
import { type Reference, xstateReference } from '../runtime/testing/xstate-reference.ts';
import { withoutAmbient } from './ambient.ts';
import { runDrawn } from './drawn.ts';
import { simulatedSettings } from './settings.ts';

afterEach(() => vi.restoreAllMocks());

const WORLD_MS = 120_000;
const steps = new Map<string, Set<string>>();

/** Every step that a chart makes from now on is made by XState too; a difference crashes its agent, and with it the world. */
function holdToXstate(): void {
  const references = new Map<AnyStateMachine, Reference>();
  const prepared = Chart.prototype.step;
  vi.spyOn(Chart.prototype, 'step').mockImplementation(function (this: Chart, state, event, outputs) {
    const { machine } = this;
    const reference = references.get(machine) ?? xstateReference(machine);
    references.set(machine, reference);
    const said: Message[] = [];
    const before = machine.resolveState({ value: state.value, context: state.context as never });
    const next = prepared.call(this, state, event, said);
    hold(machine, reference, before, event, { next, said });
    for (const message of said) outputs.push(message);
    return next;
  });
}

interface Step {
  readonly next: ChartState;
  readonly said: readonly Message[];
}

function hold(machine: AnyStateMachine, reference: Reference, before: AnyMachineSnapshot, event: Message, ours: Step) {
  reference.said.length = 0;
  const theirs = machine.transition(before as never, event, reference.scope as never) as AnyMachineSnapshot;
  const { value, status, context } = ours.next;
  expect({ value, status, context, said: ours.said }).toEqual({
    ...{ value: theirs.value, status: theirs.status, context: theirs.context, said: reference.said },
  });
  const made = steps.get(machine.id) ?? new Set();
  steps.set(machine.id, made.add(`${JSON.stringify(before.value)} ${event.type} ${JSON.stringify(value)}`));
}

describe('in a drawn world with faults', () => {
  test.each(['21', '22', '23', '24'])(
    'every step is that of XState: seed %s',
    async (seed) => {
      holdToXstate();
      const world = { seed, place: openMemory(), settings: simulatedSettings(), virtualMs: WORLD_MS, faults: true };
      expect((await withoutAmbient(() => runDrawn(world))).failures).toEqual([]);
    },
    120_000,
  );

  test('and many different steps were made', () => {
    expect([...steps.keys()]).toEqual(expect.arrayContaining(['order', 'approval', 'trader']));
    expect(steps.get('order')?.size).toBeGreaterThan(40);
  });
});
