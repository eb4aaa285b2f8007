/** Small agents and messages for tests of the kernel: counters, notaries, and what makes them crash. None of them means anything. */
import type { AgentDefinition } from '../agent.ts';
import { type Emit, functionLogic } from '../logic.ts';
import type { Message, MessageEntry } from '../message.ts';
import type { World } from './world.ts';

export const command = (type: string, more: Partial<MessageEntry> = {}): MessageEntry => ({
  type,
  kind: 'command',
  version: 1,
  ...more,
});
export const fact = (type: string, more: Partial<MessageEntry> = {}): MessageEntry => ({
  ...command(type, more),
  kind: 'fact',
});
export const reply = (type: string): MessageEntry => ({ ...command(type), kind: 'reply' });
export const market = (type: string): MessageEntry => ({ ...command(type), kind: 'market' });
export const answer = (type: string): MessageEntry => ({ ...command(type), kind: 'answer' });

export type Step<S> = (state: S, message: Message & Record<string, unknown>, emit: Emit) => S;

/** An agent around one pure step, which does not care for `resumed`. */
export function agent<S>(
  address: string,
  initial: S,
  step: Step<S>,
  more: Partial<AgentDefinition> = {},
): AgentDefinition {
  return {
    address,
    version: 1,
    durable: false,
    accepts: [],
    logic: functionLogic<S, Message>(initial, (state, message, emit) =>
      message.type === 'resumed' ? state : step(state, message as Message & Record<string, unknown>, emit),
    ),
    ...more,
  };
}

/**
 * Messages of a counter at an address: `a.add` is answered with the sum and recorded as `a.added`; `a.break` throws, as often as it
 * says, and is then answered like any other.
 */
export const counterEntries = (name: string): MessageEntry[] => [
  command(`${name}.add`, { reply: `${name}.sum` }),
  command(`${name}.break`, { reply: `${name}.sum` }),
  command(`${name}.get`, { reply: `${name}.sum` }),
  reply(`${name}.sum`),
  fact(`${name}.added`),
];

export function counter(name: string, more: Partial<AgentDefinition> = {}): AgentDefinition {
  const broken = new Map<unknown, number>();
  return agent<{ readonly sum: number }>(
    name,
    { sum: 0 },
    (state, message, emit) => {
      if (message.type === `${name}.break`) {
        const times = (broken.get(message.id) ?? 0) + 1;
        broken.set(message.id, times);
        if (times <= ((message.times as number | undefined) ?? 1)) throw new Error('broken on purpose');
      }
      if (message.type === `${name}.get` || message.type === `${name}.break`) {
        emit({ type: `${name}.sum`, sum: state.sum } as Message);
        return state;
      }
      if (message.type !== `${name}.add`) return state;
      const sum = state.sum + ((message.amount as number | undefined) ?? 1);
      emit({ type: `${name}.added`, sum } as Message);
      emit({ type: `${name}.sum`, sum } as Message);
      return { sum };
    },
    { accepts: [`${name}.add`, `${name}.break`, `${name}.get`], durable: true, ...more },
  );
}

export const statusOf = (world: World, address: string) =>
  world.runtime.stats().agents.find((each) => each.address === address)?.status;

/** Seeds of a test, as many as asked for. */
export const seeds = (many: number): string[] => Array.from({ length: many }, (_, at) => `seed ${at}`);

/** What became of a promise, so that a test may wait for it later. */
export function outcomeOf<T>(promise: Promise<T>): { value?: T; error?: Error } {
  const outcome: { value?: T; error?: Error } = {};
  promise.then(
    (value) => {
      outcome.value = value;
    },
    (error: Error) => {
      outcome.error = error;
    },
  );
  return outcome;
}

/** The same claim under many seeds; the seed that breaks it is named first. */
export async function underSeeds(many: number, claim: (seed: string) => Promise<void>): Promise<void> {
  for (const seed of seeds(many)) {
    try {
      await claim(seed);
    } catch (error) {
      throw new Error(`${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}
