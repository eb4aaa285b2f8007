/**
 * Drives a function agent in a test the way the kernel does: shared part first, then `prepare`, then the entity of the key. States
 * pass through JSON after every turn, because they are rows, and messages are frozen, because others read them too.
 */
import type { AnyActorLogic, AnyActorScope } from 'xstate';
import type { AgentDefinition } from '../../runtime/agent.ts';
import type { Message } from '../../runtime/message.ts';

export interface Driven {
  /** One turn at market time `at`; what it emitted, deadlines included. Throws for a type the agent does not declare. */
  tell(message: Message, at: number): Message[];
  /** The durable state of an entity, or of the whole agent; undefined when it is unknown or has ended. */
  state<S>(key?: string): S | undefined;
}

interface Snapshot {
  readonly context: unknown;
}

const asRow = (context: unknown): unknown => JSON.parse(JSON.stringify(context));
const WHOLE = '';

/** What the agent would see as the newest market message; `symbol` is the key. */
type Newest = Readonly<Record<string, Message>>;

/** Rows of an earlier build, by key. */
interface Older {
  readonly version: number;
  readonly rows: Readonly<Record<string, unknown>>;
}

export function drive(definition: AgentDefinition, newest: Newest = {}, older?: Older): Driven {
  const { keyed, shared, prepare } = definition;
  const declared = new Set([...definition.accepts, ...(definition.reads ?? []), ...(definition.ignores ?? [])]);
  const states = new Map<string, unknown>();
  let common: unknown;
  let emitted: Message[] = [];
  const scope = { emit: (message: Message) => emitted.push(message) } as unknown as AnyActorScope;

  function born(logic: AnyActorLogic, key: string): unknown {
    return (logic.getInitialSnapshot(scope, { ...(definition.input as object | undefined), key }) as Snapshot).context;
  }
  function turn(logic: AnyActorLogic, context: unknown, message: Message): unknown {
    return asRow((logic.transition({ status: 'active', context }, message, scope) as Snapshot).context);
  }
  if (shared) common = born(shared, WHOLE);
  if (!keyed) states.set(WHOLE, born(definition.logic, WHOLE));
  for (const [key, row] of Object.entries(older?.rows ?? {}))
    states.set(key, definition.upgrade!(older!.version, asRow(row)));

  function reach(key: string, message: Message): void {
    const known = states.has(key);
    if (!known && keyed && !keyed.creates.includes(message.type)) {
      emitted.push(...(keyed.unknown?.(message) ?? []));
      return;
    }
    const next = turn(definition.logic, known ? states.get(key) : born(definition.logic, key), message);
    if (keyed?.ended(next)) states.delete(key);
    else states.set(key, next);
  }

  return {
    tell(message, at) {
      if (!declared.has(message.type)) throw new Error(`${definition.address} does not declare ${message.type}`);
      emitted = [];
      const delivered = Object.freeze({ ...message, at });
      if (shared) common = turn(shared, common, delivered);
      const latest = (_type: string, key: string) => newest[key];
      const prepared = Object.freeze(prepare ? prepare(delivered, common, latest) : delivered);
      const keys = keyed ? [keyed.key(prepared), ...(keyed.fanOut?.(prepared, states) ?? [])] : [WHOLE];
      for (const key of new Set(keys)) if (key !== undefined) reach(key, prepared);
      return emitted;
    },
    state: <S>(key: string = WHOLE) => states.get(key) as S | undefined,
  };
}
