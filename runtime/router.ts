/** Who takes, reads and observes which type. Made once from the roster; a command with two receivers refuses to start. */
import type { Observing } from './agent.ts';
import { BOUNDS } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { MessageCatalog, MessageEntry } from './message.ts';

interface Observer {
  readonly cell: Cell;
  readonly how: Observing;
}

export interface Route {
  readonly type: string;
  readonly entry: MessageEntry;
  /** Of the entry; told here because every message asks for it. */
  readonly isFact: boolean;
  /** A command, a query, an answer: it goes to its one receiver. */
  readonly isSent: boolean;
  readonly isControl: boolean;
  /** So many more facts of this type are held against its schema before they are recorded. */
  unchecked: number;
  /** The one receiver of a command, a query or an answer. */
  readonly receiver: Cell | undefined;
  readonly readers: readonly Cell[];
  readonly observers: readonly Observer[];
  /** Agents that want this reply as a message. */
  readonly awaiting: ReadonlySet<Cell>;
}

/** Who wants a type. */
class Wanted {
  readonly receivers: Cell[] = [];
  readonly readers: Cell[] = [];
  readonly observers: Observer[] = [];
  readonly awaiting = new Set<Cell>();
}

const NOBODY = new Wanted();

/** Accepted by every agent that wants to hear of its own start. */
const OWN = 'resumed';

export class Router {
  /** Of the types that have been said. */
  private readonly routes = new Map<string, Route>();
  /** Of all types. One that only has a receiver, as most have, is the receiver itself: an idle agent is small. */
  private readonly wanted = new Map<string, Wanted | Cell>();

  constructor(
    private readonly catalog: MessageCatalog,
    cells: readonly Cell[],
  ) {
    for (const cell of cells) {
      const { accepts, reads = [], observes = {}, awaits = [] } = cell.definition;
      for (const type of accepts) if (type !== OWN) this.receive(type, cell);
      for (const type of reads) this.want(type).readers.push(cell);
      for (const [type, how] of Object.entries(observes)) this.want(type).observers.push({ cell, how });
      for (const type of awaits) this.want(type).awaiting.add(cell);
    }
  }

  of(type: string): Route {
    return this.routes.get(type) ?? this.learn(type);
  }

  /** Checks the whole roster at start: every type exists, has the right kind, and at most one receiver. */
  check(): void {
    for (const [type, wanted] of this.wanted) {
      const { receivers, readers } = wanted instanceof Wanted ? wanted : { receivers: [wanted], readers: [] };
      if (receivers.length > 1)
        throw new Error(
          `${type} has ${receivers.length} receivers: ${receivers.map(({ address }) => address).join(', ')}`,
        );
      const entry = this.catalog.entry(type);
      const [reader] = readers;
      if (reader && entry.kind !== 'fact') throw new Error(`${reader.address} reads ${type}, which is no fact`);
      const [receiver] = receivers;
      if (receiver && entry.kind === 'fact') throw new Error(`${receiver.address} accepts ${type}, which is a fact`);
    }
  }

  private receive(type: string, cell: Cell): void {
    if (this.wanted.has(type)) this.want(type).receivers.push(cell);
    else this.wanted.set(type, cell);
  }

  private want(type: string): Wanted {
    const known = this.wanted.get(type);
    if (known instanceof Wanted) return known;
    const made = new Wanted();
    if (known) made.receivers.push(known);
    this.wanted.set(type, made);
    return made;
  }

  private learn(type: string): Route {
    const wanted = this.wanted.get(type) ?? NOBODY;
    const receiver = wanted instanceof Wanted ? wanted.receivers[0] : wanted;
    const { readers, observers, awaiting } = wanted instanceof Wanted ? wanted : NOBODY;
    const entry = this.catalog.entry(type);
    const { kind } = entry;
    const isFact = kind === 'fact';
    const isSent = kind === 'command' || kind === 'query' || kind === 'answer';
    const isControl = entry.control === true;
    const unchecked = this.catalog.checksEachFact ? Number.POSITIVE_INFINITY : BOUNDS.checkedFacts;
    const route: Route = { type, entry, isFact, isSent, isControl, unchecked, receiver, readers, observers, awaiting };
    this.routes.set(type, route);
    return route;
  }
}
