/**
 * One agent alone on a stage with a clock of its own, machine or function: its own facts come back to it, its deadlines fire when
 * the clock moves, and a restart leaves only what its rows hold. Everything else it says is what a test asserts.
 */
import { catalog } from '../../messages/registry.ts';
import type { AgentDefinition, Keyed } from '../../runtime/agent.ts';
import { type Host, hostOf } from '../../runtime/host.ts';
import type { After, CancelAfter } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';

interface Deadline {
  readonly entity: string;
  readonly sendId: string;
  readonly due: number;
  readonly message: Message;
  readonly volatile: boolean;
}

const SHARED = '';

export class Stage {
  readonly quotes = new Map<string, Message>();
  now: number;
  private readonly host: Host;
  private readonly sharedHost: Host | undefined;
  private readonly keyed: Keyed;
  private readonly states = new Map<string, unknown>();
  private common: unknown;
  private deadlines: Deadline[] = [];

  constructor(
    private readonly definition: AgentDefinition,
    startAt: number,
  ) {
    if (!definition.keyed) throw new Error('the stage is for agents with entities');
    this.keyed = definition.keyed;
    this.now = startAt;
    this.host = hostOf(definition.logic);
    this.sharedHost = definition.shared && hostOf(definition.shared);
    this.common = this.sharedHost?.initial(undefined, []);
    if (definition.durable) this.turn({ type: 'resumed' }, SHARED);
  }

  /** One message at the present time; what the agent said, deadlines left out. */
  tell(message: Message): Message[] {
    return this.turn(message, undefined);
  }

  /** One market message at the present time, for every entity that it reaches. */
  publish(message: Message): Message[] {
    const delivered = Object.freeze({ ...message, at: this.now });
    const said: Message[] = [];
    for (const key of this.keyed.fanOut?.(delivered, this.states) ?? []) this.one(key, delivered, said);
    return said;
  }

  /** Moves the clock; what the deadlines that fell due made it say. */
  advance(ms: number): Message[] {
    const until = this.now + ms;
    const said: Message[] = [];
    for (;;) {
      const next = this.deadlines.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.deadlines = this.deadlines.filter((deadline) => deadline !== next);
      this.now = next.due;
      said.push(...this.turn(next.message, next.entity));
    }
    this.now = until;
    return said;
  }

  /** Ends this life of the agent, loads its rows and tells each entity `resumed`. */
  restart(): Message[] {
    const said: Message[] = [];
    const { awake = (stored: unknown) => stored } = this.keyed;
    const stored = (host: Host, state: unknown): unknown => JSON.parse(JSON.stringify(host.save(state)));
    if (this.sharedHost) this.common = this.sharedHost.load(stored(this.sharedHost, this.common));
    for (const [key, state] of this.states) this.states.set(key, this.host.load(awake(stored(this.host, state))));
    if (this.definition.durable) this.deadlines = this.deadlines.filter(({ volatile }) => !volatile);
    for (const key of [SHARED, ...(this.keyed.awake ? [] : this.entities())])
      said.push(...this.turn({ type: 'resumed' }, key));
    return said;
  }

  /** State of an entity, a machine's context; undefined when it is unknown or has ended. */
  state<S>(key: string): S | undefined {
    const state = this.states.get(key);
    const isMachine = state !== undefined && 'states' in this.definition.logic;
    return (isMachine ? (state as { context: S }).context : state) as S | undefined;
  }

  /** Keys of living entities. */
  entities(): string[] {
    return [...this.states.keys()];
  }

  private turn(delivered: Message, entity: string | undefined): Message[] {
    const { prepare } = this.definition;
    const message = Object.freeze({ ...delivered, at: this.now });
    const said: Message[] = [];
    if (this.sharedHost && (entity === undefined || entity === SHARED)) {
      const outputs: Message[] = [];
      this.common = this.sharedHost.step(this.common, message, outputs);
      this.carryOut(SHARED, outputs, said);
    }
    const prepared = prepare ? prepare(message, this.common, (_type, key) => this.quotes.get(key)) : message;
    const key = entity ?? this.keyed.key(prepared);
    if (key !== undefined && key !== SHARED) this.one(key, prepared, said);
    // What a test tells is for the one it names; only the shared part's own deadlines reach whom they choose.
    if (entity === SHARED)
      for (const other of this.keyed.fanOut?.(prepared, this.states) ?? []) this.one(other, prepared, said);
    return said;
  }

  private one(key: string, message: Message, said: Message[]): void {
    const outputs: Message[] = [];
    let state = this.states.get(key);
    if (state === undefined && !this.keyed.creates.includes(message.type)) {
      this.carryOut(SHARED, this.keyed.unknown?.(message) ?? [], said);
      return;
    }
    const { bound } = this.keyed;
    if (state === undefined && bound && this.states.size >= bound.entities) {
      this.carryOut(SHARED, bound.refused(message), said);
      return;
    }
    state ??= this.host.initial({ ...(this.definition.input as object | undefined), key }, outputs);
    const next = this.host.step(state, message, outputs);
    this.states.set(key, next);
    const ended = this.keyed.ended(next);
    if (ended) this.states.delete(key);
    this.carryOut(key, outputs, said);
    if (ended) this.deadlines = this.deadlines.filter((deadline) => deadline.entity !== key);
  }

  private carryOut(entity: string, outputs: readonly Message[], said: Message[]): void {
    for (const output of outputs) {
      if (output.type === '$after') {
        const { sendId, delayMs, message, volatile = false } = output as After;
        this.cancel(entity, sendId);
        this.deadlines.push({ entity, sendId, due: this.now + delayMs, message, volatile });
      } else if (output.type === '$cancel') {
        this.cancel(entity, (output as CancelAfter).sendId);
      } else {
        said.push(output);
        const { kind } = catalog.entry(output.type);
        if (kind === 'fact') sound(output, this.now);
        if (kind === 'fact' && this.definition.reads?.includes(output.type)) said.push(...this.tell(output));
      }
    }
  }

  private cancel(entity: string, sendId: string): void {
    this.deadlines = this.deadlines.filter((known) => known.entity !== entity || known.sendId !== sendId);
  }
}

/** As the kernel holds facts against their schemas. */
function sound(fact: Message, at: number): void {
  const problem = catalog.problem?.({ ...fact, at });
  if (problem !== undefined) throw new Error(`${fact.type} is not what its schema says: ${problem}`);
}

export const stage = (definition: AgentDefinition, startAt = Date.UTC(2026, 0, 5, 12)): Stage =>
  new Stage(definition, startAt);

/** The only message of a type; throws when there is none or more than one. */
export function only<M extends Message>(said: readonly Message[], type: M['type']): M {
  const found = said.filter((message) => message.type === type);
  if (found.length !== 1) throw new Error(`expected one ${type}, heard: ${types(said).join(', ')}`);
  return found[0] as M;
}

export const types = (said: readonly Message[]): string[] => said.map(({ type }) => type);
