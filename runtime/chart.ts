/**
 * Steps an XState machine along prepared ways. Which states a transition leaves and enters, and which actions it runs, depends only on
 * the state it starts from, so that it is worked out once and not at every message. The outcome is that of `machine.transition`, which
 * keeps the charts that are not a plain tree of states.
 */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition, StateValue } from 'xstate';
import { type Deed, deedOf, type Guard, guardOf, passes, perform, type Turn } from './chart-deeds.ts';
import { domainOf, isBelow, leafBelow, stateValueOf, upwards } from './chart-tree.ts';
import type { Message, Outbox } from './message.ts';

/** A transition from one leaf: what it runs, and the leaf where it ends; `to` undefined: it stays. */
interface Way {
  readonly guard: Guard | undefined;
  readonly deeds: readonly Deed[];
  readonly to: AnyStateNode | undefined;
}

/** The innermost state stands for the whole configuration: itself and its ancestors. */
class Leaf {
  readonly value: StateValue;
  readonly done: boolean;
  /** What may be taken without an event. */
  readonly always: readonly Way[];
  private readonly ways = new Map<string, readonly Way[]>();

  constructor(
    private readonly chart: Chart,
    readonly node: AnyStateNode,
  ) {
    this.value = stateValueOf(node);
    this.done = node.type === 'final';
    this.always = upwards(node)
      .flatMap(({ always }) => always ?? [])
      .map((transition) => chart.way(node, transition));
  }

  /** Inner states first, each in the order in which it was written. */
  on(type: string): readonly Way[] {
    const known = this.ways.get(type);
    if (known) return known;
    const transitions = upwards(this.node).flatMap((node) => node.transitions.get(type) ?? []);
    const made = transitions.map((transition) => this.chart.way(this.node, transition));
    this.ways.set(type, made);
    return made;
  }
}

export class ChartState {
  constructor(
    readonly leaf: Leaf,
    readonly context: unknown,
  ) {}

  get value(): StateValue {
    return this.leaf.value;
  }

  get status(): 'active' | 'done' {
    return this.leaf.done ? 'done' : 'active';
  }
}

export class Chart {
  private readonly leaves = new Map<AnyStateNode, Leaf>();
  private readonly beginning: readonly Deed[];

  constructor(
    readonly machine: AnyStateMachine,
    private readonly iterationsMax: number,
  ) {
    const { root } = machine;
    this.beginning = this.entering(upwards(leafBelow(root)).reverse(), root);
  }

  initial(input: unknown, outputs: Outbox): ChartState {
    const { machine } = this;
    const begin: Message & { input: unknown } = { type: 'xstate.init', input };
    const given: unknown = machine.config.context;
    const context: unknown = typeof given === 'function' ? given({ input }) : (given ?? {});
    const turn: Turn = { machine, outputs, raised: undefined };
    const entered = perform(turn, this.beginning, context, begin);
    return this.settle(this.leaf(leafBelow(machine.root)), entered, begin, turn);
  }

  /** The same object when nothing was assigned and no other state was reached. */
  step(state: ChartState, event: Message, outputs: Outbox): ChartState {
    const { leaf, context } = state;
    const turn: Turn = { machine: this.machine, outputs, raised: undefined };
    const way = select(leaf.on(event.type), context, event);
    const next = way ? perform(turn, way.deeds, context, event) : context;
    const settled = this.settle(way?.to ? this.leaf(way.to) : leaf, next, event, turn);
    return settled.leaf === leaf && settled.context === context ? state : settled;
  }

  resolve(value: StateValue, context: unknown): ChartState {
    let node: AnyStateNode = this.machine.root;
    for (let rest: StateValue | undefined = value; rest !== undefined; ) {
      const key: string = typeof rest === 'string' ? rest : (Object.keys(rest)[0] ?? '');
      const child: AnyStateNode | undefined = node.states[key];
      if (!child) throw new Error(`${this.machine.id} has no state ${JSON.stringify(value)}`);
      rest = typeof rest === 'string' ? undefined : rest[key];
      node = child;
    }
    return new ChartState(this.leaf(leafBelow(node)), context);
  }

  /** What a transition does from `from`: leaves inner states first, runs its own actions, enters outer states first. */
  way(from: AnyStateNode, transition: AnyTransitionDefinition): Way {
    const { machine } = this;
    const guard = transition.guard === undefined ? undefined : guardOf(machine, transition.guard);
    const own = this.deeds(transition.actions);
    const [target] = transition.target ?? [];
    if (!target) return { guard, deeds: own, to: undefined };
    const domain = domainOf(transition, target);
    const to = leafBelow(target);
    const left = upwards(from).filter((node) => isBelow(node, domain));
    const entered = upwards(to).filter((node) => isBelow(node, domain));
    const exits = this.deeds(left.flatMap(({ exit }) => exit));
    return { guard, deeds: [...exits, ...own, ...this.entering(entered.reverse(), target)], to };
  }

  /** From the outside in; what is entered by default runs the actions of its `initial` too, and an end leaves everything. */
  private entering(nodes: readonly AnyStateNode[], target: AnyStateNode): readonly Deed[] {
    return this.deeds(
      nodes.flatMap((node) => {
        const byDefault = node.type === 'compound' && (node === target || isBelow(node, target));
        const leaving = node.type === 'final' ? upwards(node).flatMap(({ exit }) => exit) : [];
        return [...node.entry, ...(byDefault ? node.initial.actions : []), ...leaving];
      }),
    );
  }

  private deeds(actions: readonly unknown[]): readonly Deed[] {
    return actions.map((action) => deedOf(this.machine, action));
  }

  /** Goes on with what is enabled without an event, then with what was raised, until nothing is left. */
  private settle(leaf: Leaf, context: unknown, event: Message, turn: Turn): ChartState {
    let here = leaf;
    let known = context;
    let cause = event;
    let asksAlways = true;
    for (let steps = 0; !here.done; steps += 1) {
      let way: Way | undefined = asksAlways ? select(here.always, known, cause) : undefined;
      const isEventless: boolean = way !== undefined;
      if (!way) {
        const raised = turn.raised?.shift();
        if (!raised) break;
        cause = raised;
        way = select(here.on(raised.type), known, raised);
      }
      if (steps >= this.iterationsMax) throw new Error(`Infinite loop detected: ${this.machine.id} comes to no rest`);
      const to = way?.to ? this.leaf(way.to) : here;
      const next = way ? perform(turn, way.deeds, known, cause) : known;
      asksAlways = !isEventless || to !== here || next !== known;
      here = to;
      known = next;
    }
    return new ChartState(here, known);
  }

  private leaf(node: AnyStateNode): Leaf {
    const known = this.leaves.get(node);
    if (known) return known;
    const made = new Leaf(this, node);
    this.leaves.set(node, made);
    return made;
  }
}

function select(ways: readonly Way[], context: unknown, event: Message): Way | undefined {
  for (const way of ways) if (!way.guard || passes(way.guard, context, event)) return way;
  return undefined;
}
