/**
 * What turns ask of an agent's definition, again and again, always in one shape: definitions are written in as many shapes as there are
 * agents, so that each look into one of them is a search. Made at an agent's first turn, because very many agents may be idle.
 */
import type { AgentDefinition, Effect, Keyed } from './agent.ts';

export class Manner {
  readonly address: string;
  readonly version: number;
  readonly isDurable: boolean;
  /** It has a place in the journal that a commit remembers. */
  readonly hasCursor: boolean;
  readonly prepare: AgentDefinition['prepare'];
  readonly parks: readonly string[] | undefined;
  readonly stashes: readonly string[] | undefined;
  readonly ignores: readonly string[] | undefined;
  readonly effects: Readonly<Record<string, Effect>> | undefined;
  readonly keyed: KeyedManner | undefined;

  constructor(definition: AgentDefinition) {
    const { address, version, durable, prepare, parks, stashes, ignores, effects, keyed, input } = definition;
    this.address = address;
    this.version = version;
    this.isDurable = durable;
    this.hasCursor = remembersPlace(definition);
    this.prepare = prepare;
    this.parks = parks;
    this.stashes = stashes;
    this.ignores = ignores;
    this.effects = effects;
    this.keyed = keyed && new KeyedManner(keyed, input);
  }
}

/** A commit goes with what the agent has read. */
export const remembersPlace = ({ durable, reads }: Pick<AgentDefinition, 'durable' | 'reads'>): boolean =>
  durable && (reads?.length ?? 0) > 0;

class KeyedManner {
  readonly key: Keyed['key'];
  readonly creates: readonly string[];
  readonly ended: Keyed['ended'];
  readonly fanOut: Keyed['fanOut'];
  readonly scans: Keyed['scans'];
  readonly unknown: Keyed['unknown'];
  readonly bound: Keyed['bound'];
  /** Its entities may sleep: their rows say when they have to be awake. */
  readonly mayRest: boolean;

  constructor(
    { key, creates, ended, fanOut, scans, unknown, bound, awake }: Keyed,
    /** What every entity is born with, beside its key and its time. */
    readonly input: unknown,
  ) {
    this.key = key;
    this.creates = creates;
    this.ended = ended;
    this.fanOut = fanOut;
    this.scans = scans;
    this.unknown = unknown;
    this.bound = bound;
    this.mayRest = awake !== undefined;
  }
}
