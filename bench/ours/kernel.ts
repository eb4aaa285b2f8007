/**
 * The real kernel around a few agents of a figure: live clock, scheduler and randomness, and a store that keeps nothing, so that what
 * is weighed or timed is the kernel and not a database. Invariant: agents of figures are not durable, so nothing is lost with it.
 */
import type { AgentDefinition } from '../../runtime/agent.ts';
import { GENESIS_HASH } from '../../runtime/chain.ts';
import { RUNTIME_MESSAGES } from '../../runtime/lifecycle.ts';
import { liveIds, liveRandom, liveScheduler } from '../../runtime/live/ambient.ts';
import { liveClock } from '../../runtime/live/clock.ts';
import type { Message, MessageEntry } from '../../runtime/message.ts';
import type { Log } from '../../runtime/ports.ts';
import { Runtime } from '../../runtime/runtime.ts';
import type { Group, Head, Store } from '../../runtime/store.ts';

const fail = (event: string, fields?: unknown): never => {
  throw new Error(`${event}: ${JSON.stringify(fields)}`);
};
const strictLog: Log = { debug: () => undefined, info: () => undefined, warn: fail, error: fail };

class ForgetfulStore implements Store {
  private head: Head = { sequence: 0, hash: GENESIS_HASH, epoch: 0, world: '' };

  async open(world: string): Promise<Head> {
    this.head = { ...this.head, world };
    return this.head;
  }
  async takeEpoch(): Promise<Head> {
    this.head = { ...this.head, epoch: this.head.epoch + 1 };
    return this.head;
  }
  async commit({ sequence, hash }: Group): Promise<void> {
    this.head = { ...this.head, sequence, hash };
  }
  async load() {
    return { rows: [], cursors: [], effects: [] };
  }
  async find() {
    return [];
  }
  async due() {
    return [];
  }
  async records() {
    return [];
  }
  async close(): Promise<void> {}
}

/** A started kernel. A type that no runtime message has is a command. */
export async function openKernel(agents: readonly AgentDefinition[]): Promise<Runtime> {
  const clock = liveClock();
  const known = new Map(RUNTIME_MESSAGES.map((entry) => [entry.type, entry]));
  const entry = (type: string): MessageEntry => known.get(type) ?? { type, kind: 'command', version: 1 };
  const runtime = new Runtime({
    roster: {
      name: 'bench',
      strategy: 'one-for-one',
      intensity: { max: 3, periodMs: 5_000 },
      children: agents.map((agent) => ({ agent })),
    },
    catalog: { entry, upcast: (_type, _version, payload) => payload },
    store: new ForgetfulStore(),
    world: 'bench',
    ports: { clock, random: liveRandom(), ids: liveIds(clock), scheduler: liveScheduler(), log: strictLog },
    hooks: { rootFailed: fail },
  });
  await runtime.start();
  await runtime.settled();
  return runtime;
}

/** Tells `count` messages from outside; where the mailbox refuses, it goes on once the agent had time. None is lost. */
export async function tellAll(runtime: Runtime, count: number, make: (index: number) => Message): Promise<void> {
  for (let index = 0; index < count; ) {
    if (runtime.tell(make(index))) index += 1;
    else await new Promise((resolve) => setImmediate(resolve));
  }
}
