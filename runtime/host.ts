/**
 * Hosts XState actor logic without a live actor: one reused scope a kind, every action collected as data, nothing run. A step
 * that throws has no effect, because its outputs are dropped with it.
 */
import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
} from 'xstate';
import { BOUNDS } from './bounds.ts';
import { Chart, type ChartState } from './chart.ts';
import { isPlainTree } from './chart-tree.ts';
import { after, cancelAfter } from './logic.ts';
import type { Message, Outbox } from './message.ts';

export interface Host {
  /** It may come to a final state. */
  readonly canEnd: boolean;
  /** The state before any message; entry actions of a machine go to `outputs`. */
  initial(input: unknown, outputs: Outbox): unknown;
  /** The next state; the same object and no output means that the message was not taken. */
  step(state: unknown, message: Message, outputs: Outbox): unknown;
  /** State as JSON data, and back. */
  save(state: unknown): unknown;
  load(saved: unknown): unknown;
  /** A machine in a final state. */
  done(state: unknown): boolean;
}

let sink: Outbox = [];

interface Action {
  readonly type: string;
  readonly params?: unknown;
}

/** Machines may emit, raise with a delay, and cancel; assign and enqueueActions leave no action behind. */
function collect(action: Action): void {
  if (action.type === 'xstate.emit') {
    sink.push((action.params as { event: Message }).event);
  } else if (action.type === 'xstate.raise') {
    const { event, id, delay } = action.params as { event: Message; id?: string; delay?: number };
    // An immediate raise has already been taken inside the macrostep; only a delayed one is a deadline.
    if (delay !== undefined) sink.push(after(id ?? event.type, delay, event));
  } else if (action.type === 'xstate.cancel') {
    sink.push(cancelAfter((action.params as { sendId: string }).sendId));
  } else {
    throw new Error(`Invariant: a machine may not do ${action.type}`);
  }
}

function scopeFor(logic: AnyActorLogic): AnyActorScope {
  const inert: AnyActorRef = createActor(logic);
  return {
    self: inert,
    id: inert.id,
    sessionId: inert.sessionId,
    logger: () => undefined,
    defer: () => undefined,
    emit: (event: Message) => void sink.push(event),
    system: inert.system,
    stopChild: () => undefined,
    actionExecutor: collect as AnyActorScope['actionExecutor'],
  };
}

const hosts = new WeakMap<AnyActorLogic, Host>();

export function hostOf(logic: AnyActorLogic): Host {
  const known = hosts.get(logic);
  if (known) return known;
  const made = 'states' in logic ? machineHost(logic as AnyStateMachine) : new FunctionHost(logic);
  hosts.set(logic, made);
  return made;
}

type Step = (state: unknown, message: Message, scope: AnyActorScope) => unknown;

/** `config` is the bare step of a `fromTransition` logic: the same call without a new snapshot object around the state. */
class FunctionHost implements Host {
  readonly canEnd = false;
  private readonly scope: AnyActorScope;
  private readonly bare: Step;

  constructor(private readonly logic: AnyActorLogic) {
    this.scope = scopeFor(logic);
    const bare = (logic as { config?: unknown }).config;
    if (typeof bare !== 'function') throw new Error('Invariant: an agent is a machine or fromTransition logic');
    this.bare = bare as Step;
  }

  initial(input: unknown): unknown {
    return (this.logic.getInitialSnapshot(this.scope, input) as { context: unknown }).context;
  }

  step(state: unknown, message: Message, outputs: Outbox): unknown {
    sink = outputs;
    const { bare } = this;
    return bare(state, message, this.scope);
  }

  save(state: unknown): unknown {
    return state;
  }

  load(saved: unknown): unknown {
    return saved;
  }

  done(): boolean {
    return false;
  }
}

interface SavedMachine {
  readonly value: AnyMachineSnapshot['value'];
  readonly context: AnyMachineSnapshot['context'];
  readonly status: AnyMachineSnapshot['status'];
}

function machineHost(machine: AnyStateMachine): Host {
  machine.options.maxIterations ??= BOUNDS.maxIterations;
  return isPlainTree(machine) ? new ChartHost(machine) : new SnapshotHost(machine);
}

class ChartHost implements Host {
  readonly canEnd = true;
  private readonly chart: Chart;

  constructor(machine: AnyStateMachine) {
    this.chart = new Chart(machine, BOUNDS.maxIterations);
  }

  initial(input: unknown, outputs: Outbox): unknown {
    return this.chart.initial(input, outputs);
  }

  step(state: unknown, message: Message, outputs: Outbox): unknown {
    return this.chart.step(state as ChartState, message, outputs);
  }

  save(state: unknown): SavedMachine {
    const { value, context, status } = state as ChartState;
    return { value, context, status };
  }

  load(saved: unknown): unknown {
    const { value, context } = saved as SavedMachine;
    return this.chart.resolve(value, context);
  }

  done(state: unknown): boolean {
    return (state as ChartState).leaf.done;
  }
}

/** XState's own step, for charts that can't be prepared. */
class SnapshotHost implements Host {
  readonly canEnd = true;
  private readonly scope: AnyActorScope;

  constructor(private readonly machine: AnyStateMachine) {
    this.scope = scopeFor(machine);
  }

  initial(input: unknown, outputs: Outbox): unknown {
    sink = outputs;
    return this.machine.getInitialSnapshot(this.scope, input as never);
  }

  step(state: unknown, message: Message, outputs: Outbox): unknown {
    sink = outputs;
    return this.machine.transition(state as AnyMachineSnapshot, message, this.scope);
  }

  save(state: unknown): SavedMachine {
    const { value, context, status } = state as AnyMachineSnapshot;
    return { value, context, status };
  }

  load(saved: unknown): unknown {
    const { value, context, status } = saved as SavedMachine;
    return this.machine.resolveState({ value, context, status });
  }

  done(state: unknown): boolean {
    return (state as AnyMachineSnapshot).status === 'done';
  }
}
