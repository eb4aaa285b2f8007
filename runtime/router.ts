/** Who takes, reads and observes which type. Made once from the roster; a command with two receivers refuses to start. */
import type { Cell } from './cell.ts';
import type { MessageCatalog, MessageEntry } from './message.ts';

export interface Route {
  readonly entry: MessageEntry;
  /** The one receiver of a command, a query or an answer. */
  readonly receiver: Cell | undefined;
  readonly readers: readonly Cell[];
  readonly observers: readonly { readonly cell: Cell; readonly newest: boolean }[];
  /** Agents that want this reply as a message. */
  readonly awaiting: ReadonlySet<Cell>;
}

interface Wanted {
  readonly receivers: Cell[];
  readonly readers: Cell[];
  readonly observers: { readonly cell: Cell; readonly newest: boolean }[];
  readonly awaiting: Set<Cell>;
}

/** Accepted by every agent that wants to hear of its own start. */
const OWN = 'resumed';

export class Router {
  private readonly routes = new Map<string, Route>();
  private readonly wanted = new Map<string, Wanted>();

  constructor(
    private readonly catalog: MessageCatalog,
    cells: readonly Cell[],
  ) {
    for (const cell of cells) {
      const { accepts, reads = [], observes = {}, awaits = [] } = cell.definition;
      for (const type of accepts) if (type !== OWN) this.want(type).receivers.push(cell);
      for (const type of reads) this.want(type).readers.push(cell);
      for (const [type, how] of Object.entries(observes))
        this.want(type).observers.push({ cell, newest: how === 'newest' });
      for (const type of awaits) this.want(type).awaiting.add(cell);
    }
  }

  of(type: string): Route {
    return this.routes.get(type) ?? this.learn(type);
  }

  /** Checks the whole roster at start: every type exists, has the right kind, and at most one receiver. */
  check(): void {
    for (const [type, { receivers, readers }] of this.wanted) {
      if (receivers.length > 1)
        throw new Error(
          `${type} has ${receivers.length} receivers: ${receivers.map(({ address }) => address).join(', ')}`,
        );
      const { entry } = this.of(type);
      const [reader] = readers;
      if (reader && entry.kind !== 'fact') throw new Error(`${reader.address} reads ${type}, which is no fact`);
      const [receiver] = receivers;
      if (receiver && entry.kind === 'fact') throw new Error(`${receiver.address} accepts ${type}, which is a fact`);
    }
  }

  private want(type: string): Wanted {
    const known = this.wanted.get(type);
    if (known) return known;
    const made: Wanted = { receivers: [], readers: [], observers: [], awaiting: new Set() };
    this.wanted.set(type, made);
    return made;
  }

  private learn(type: string): Route {
    const { receivers = [], readers = [], observers = [], awaiting = new Set<Cell>() } = this.wanted.get(type) ?? {};
    const route: Route = { entry: this.catalog.entry(type), receiver: receivers[0], readers, observers, awaiting };
    this.routes.set(type, route);
    return route;
  }
}
