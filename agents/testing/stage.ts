/**
 * One agent alone on a stage with a clock of its own, machine or function: its own facts come back to it, its deadlines fire when
 * the clock moves, and a restart leaves only what its rows hold. Everything else it says is what a test asserts.
 */
import { catalog } from '../../messages/registry.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { hostOf } from '../../runtime/host.ts';
import type { After, CancelAfter } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';

interface Deadline {
  readonly entity: string;
  readonly sendId: string;
  readonly due: number;
  readonly message: Message;
}

export interface Stage {
  readonly now: number;
  /** One message at the present time; what the agent said, deadlines left out. */
  tell(message: Message): Message[];
  /** Moves the clock; what the deadlines that fell due made it say. */
  advance(ms: number): Message[];
  /** Ends this life of the agent, loads its rows and tells each entity `resumed`. */
  restart(): Message[];
  /** Row state of an entity (a machine's context); undefined when it is unknown or has ended. */
  state<S>(key: string): S | undefined;
  /** Keys of living entities. */
  entities(): string[];
  readonly quotes: Map<string, Message>;
}

const SHARED = '';

export function stage(definition: AgentDefinition, startAt = Date.UTC(2026, 0, 5, 12)): Stage {
  const { keyed, prepare, shared } = definition;
  const host = hostOf(definition.logic);
  const sharedHost = shared && hostOf(shared);
  if (!keyed) throw new Error('the stage is for agents with entities');
  const quotes = new Map<string, Message>();
  let states = new Map<string, unknown>();
  let common = sharedHost?.initial(undefined, []);
  let deadlines: Deadline[] = [];
  let now = startAt;

  function take(entity: string, outputs: readonly Message[], said: Message[]): void {
    for (const output of outputs) {
      if (output.type === '$after') {
        const { sendId, delayMs, message } = output as After;
        deadlines = deadlines.filter((known) => known.entity !== entity || known.sendId !== sendId);
        deadlines.push({ entity, sendId, due: now + delayMs, message });
      } else if (output.type === '$cancel') {
        const { sendId } = output as CancelAfter;
        deadlines = deadlines.filter((known) => known.entity !== entity || known.sendId !== sendId);
      } else {
        said.push(output);
        if (catalog.entry(output.type).kind !== 'fact') continue;
        const own = Object.freeze({ ...output, at: now });
        if (definition.reads?.includes(output.type)) said.push(...turn(own));
      }
    }
  }

  function one(key: string, message: Message, said: Message[]): void {
    const outputs: Message[] = [];
    let state = states.get(key);
    if (state === undefined) {
      if (!keyed!.creates.includes(message.type)) return take(SHARED, keyed!.unknown?.(message) ?? [], said);
      state = host.initial({ key }, outputs);
    }
    const next = host.step(state, message, outputs);
    if (keyed!.ended(next)) {
      states.delete(key);
      deadlines = deadlines.filter(({ entity }) => entity !== key);
      for (const output of outputs) if (output.type !== '$after') take(key, [output], said);
    } else {
      states.set(key, next);
      take(key, outputs, said);
    }
  }

  function turn(message: Message, entity?: string): Message[] {
    const said: Message[] = [];
    if (sharedHost && entity === undefined) {
      const outputs: Message[] = [];
      common = sharedHost.step(common, message, outputs);
      take(SHARED, outputs, said);
    }
    const latest = (_type: string, key: string) => quotes.get(key);
    const prepared = prepare ? prepare(message, common, latest) : message;
    const key = entity ?? keyed!.key(prepared);
    if (key !== undefined) one(key, prepared, said);
    return said;
  }

  return {
    get now() {
      return now;
    },
    quotes,
    tell: (message) => turn(Object.freeze({ ...message, at: now })),
    advance(ms) {
      const until = now + ms;
      const said: Message[] = [];
      for (;;) {
        const next = deadlines.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        deadlines = deadlines.filter((deadline) => deadline !== next);
        now = next.due;
        said.push(...turn(Object.freeze({ ...next.message, at: now }), next.entity));
      }
      now = until;
      return said;
    },
    restart() {
      const rows = JSON.stringify([...states].map(([key, state]) => [key, host.save(state)]));
      states = new Map((JSON.parse(rows) as [string, unknown][]).map(([key, saved]) => [key, host.load(saved)]));
      common = JSON.parse(JSON.stringify(common ?? null)) as unknown;
      return [...states.keys()].flatMap((key) => turn({ type: 'resumed', at: now }, key));
    },
    state<S>(key: string) {
      const state = states.get(key);
      return (
        state === undefined ? undefined : 'states' in definition.logic ? (state as { context: S }).context : state
      ) as S | undefined;
    },
    entities: () => [...states.keys()],
  };
}

/** The only message of a type; throws when there is none or more than one. */
export function only<M extends Message>(said: readonly Message[], type: M['type']): M {
  const found = said.filter((message) => message.type === type);
  if (found.length !== 1)
    throw new Error(`expected one ${type}, heard: ${said.map((message) => message.type).join(', ')}`);
  return found[0] as M;
}

export const types = (said: readonly Message[]): string[] => said.map(({ type }) => type);
