/**
 * The actions and guards of a prepared machine: assign, emit, raise, cancel and enqueueActions, each as XState resolves it. A deed reads
 * context and event only; what it says is collected, nothing is done.
 */
import type { AnyStateMachine } from 'xstate';
import { after, cancelAfter } from './logic.ts';
import type { Message, Outbox } from './message.ts';

interface Args {
  readonly context: unknown;
  readonly event: Message;
}

type Expression = (args: Args, params: unknown) => unknown;
/** A value, or what makes it. */
type Given = unknown;

/** What XState's action creators return: a function with some of these fields. */
interface Builtin {
  readonly type: string;
  readonly assignment?: Given;
  readonly event?: Given;
  readonly id?: string;
  readonly delay?: Given;
  readonly sendId?: Given;
  readonly collect?: (args: Collecting, params: unknown) => void;
}

interface Collecting extends Args {
  readonly enqueue: typeof enqueue;
  readonly check: (guard: unknown) => boolean;
}

export interface Deed {
  readonly act: Builtin;
  readonly params: Given;
}

interface Test {
  (args: Args, params: unknown): boolean;
  /** XState's own and, or, not. */
  readonly check?: (snapshot: { machine: AnyStateMachine; context: unknown }, args: Args, self: Test) => boolean;
}

export interface Guard {
  readonly machine: AnyStateMachine;
  readonly test: Test;
  readonly params: Given;
}

/** What one step collects; `raised` are immediate events of the machine to itself. */
export interface Turn {
  readonly machine: AnyStateMachine;
  readonly outputs: Outbox;
  raised: Message[] | undefined;
}

/** A name, a name with parameters, or the thing itself. */
interface Named {
  readonly type: string;
  readonly params?: Given;
}

const nameOf = (given: unknown): string => (typeof given === 'string' ? given : (given as Named).type);
const paramsOf = (given: unknown): Given => (typeof given === 'object' ? (given as Named).params : undefined);
const resolved = (given: Given, args: Args, params: unknown): unknown =>
  typeof given === 'function' ? (given as Expression)(args, params) : given;
const paramsFor = (given: Given, args: Args): unknown =>
  typeof given === 'function' ? (given as (args: Args) => unknown)(args) : given;

export function deedOf(machine: AnyStateMachine, action: unknown): Deed {
  const act: unknown = typeof action === 'function' ? action : machine.implementations.actions[nameOf(action)];
  if (typeof act !== 'function' || !('resolve' in act))
    throw new Error(`Invariant: a machine may not do ${nameOf(action) ?? 'a function of its own'}`);
  return { act: act as unknown as Builtin, params: paramsOf(action) };
}

export function guardOf(machine: AnyStateMachine, guard: unknown): Guard {
  const test: unknown = typeof guard === 'function' ? guard : machine.implementations.guards[nameOf(guard)];
  if (typeof test !== 'function') throw new Error(`Invariant: ${machine.id} has no guard ${nameOf(guard)}`);
  return { machine, test: test as Test, params: paramsOf(guard) };
}

export function passes({ machine, test, params }: Guard, context: unknown, event: Message): boolean {
  const args = { context, event };
  return test.check ? test.check({ machine, context }, args, test) : test(args, paramsFor(params, args));
}

/** Runs the deeds in order and returns the context as they leave it. */
export function perform(turn: Turn, deeds: readonly Deed[], given: unknown, event: Message): unknown {
  let context = given;
  for (const deed of deeds) {
    const { act } = deed;
    const args = { context, event };
    const params = paramsFor(deed.params, args);
    switch (act.type) {
      case 'xstate.assign':
        context = assigned(turn.machine, act.assignment, args, params);
        break;
      case 'xstate.emit':
        turn.outputs.push(resolved(act.event, args, params) as Message);
        break;
      case 'xstate.raise':
        raise(turn, act, args, params);
        break;
      case 'xstate.cancel':
        turn.outputs.push(cancelAfter(resolved(act.sendId, args, params) as string));
        break;
      case 'xstate.enqueueActions':
        context = perform(turn, collected(turn.machine, act, args, params), context, event);
        break;
      default:
        throw new Error(`Invariant: a machine may not do ${act.type}`);
    }
  }
  return context;
}

/** What a machine's `meta` may tell its host. */
interface HostedMeta {
  /** A copy of a context that may be written. A spread has to do for all machines alike, and makes a large context field by field. */
  readonly copy?: (context: never) => Record<string, unknown>;
}

/** Counted, not listed: two lists of a large context's fields for each assignment would be garbage. */
function fieldsIn(given: object): number {
  let fields = 0;
  for (const _field in given) fields += 1;
  return fields;
}

/** A copy that keeps the context's shape, and then field by field: two spreads would build it anew, one field after the other. */
function assigned({ config }: AnyStateMachine, assignment: Given, args: Args, params: unknown): unknown {
  const copy = (config.meta as HostedMeta | undefined)?.copy;
  const isMade = typeof assignment === 'function';
  const update = (isMade ? (assignment as Expression)(args, params) : assignment) as Readonly<Record<string, Given>>;
  // As many fields as there are, all of them the context's own: the update is the next context.
  if (copy && isMade && fieldsIn(update) === fieldsIn(args.context as object)) return update;
  const next = copy ? copy(args.context as never) : { ...(args.context as Record<string, unknown>) };
  for (const name in update) next[name] = isMade ? update[name] : resolved(update[name], args, params);
  return next;
}

/** With a delay it is a deadline; without one the machine takes it in the same step. */
function raise(turn: Turn, { event: given, id, delay }: Builtin, args: Args, params: unknown): void {
  const event = resolved(given, args, params) as Message;
  const delays: Readonly<Record<string, Given>> = turn.machine.implementations.delays;
  const delayMs = resolved(typeof delay === 'string' ? delays[delay] : delay, args, params);
  if (typeof delayMs === 'number') turn.outputs.push(after(id ?? event.type, delayMs, event));
  else {
    turn.raised ??= [];
    turn.raised.push(event);
  }
}

let gathered: Deed[] = [];
let gatheredFor: AnyStateMachine;

/** What an enqueueActions collects with: one for all machines, because steps never overlap. */
const enqueue = Object.assign((action: unknown): void => void gathered.push(deedOf(gatheredFor, action)), {
  assign: (assignment: Given) => gather({ type: 'xstate.assign', assignment }),
  emit: (event: Given) => gather({ type: 'xstate.emit', event }),
  cancel: (sendId: Given) => gather({ type: 'xstate.cancel', sendId }),
  raise: (event: Given, options?: { id?: string; delay?: Given }) =>
    gather({ type: 'xstate.raise', event, ...options }),
});

function gather(act: Builtin): void {
  gathered.push({ act, params: undefined });
}

function collected(machine: AnyStateMachine, act: Builtin, args: Args, params: unknown): readonly Deed[] {
  const { context, event } = args;
  gathered = [];
  gatheredFor = machine;
  act.collect?.({ context, event, enqueue, check: (guard) => passes(guardOf(machine, guard), context, event) }, params);
  return gathered;
}
