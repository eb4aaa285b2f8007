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

export class Router {
  private readonly routes = new Map<string, Route>();

  constructor(
    private readonly catalog: MessageCatalog,
    private readonly cells: readonly Cell[],
  ) {}

  of(type: string): Route {
    return this.routes.get(type) ?? this.learn(type);
  }

  /** Checks the whole roster at start: every accepted and read type exists and has the right kind. */
  check(): void {
    for (const { definition } of this.cells) {
      for (const type of definition.accepts) this.of(type);
      for (const type of definition.reads ?? []) {
        if (this.of(type).entry.kind !== 'fact')
          throw new Error(`${definition.address} reads ${type}, which is no fact`);
      }
    }
  }

  private learn(type: string): Route {
    const receivers = this.cells.filter(({ definition }) => definition.accepts.includes(type));
    if (receivers.length > 1 && type !== 'resumed')
      throw new Error(`${type} has ${receivers.length} receivers: ${receivers.map((cell) => cell.address).join(', ')}`);
    const route: Route = {
      entry: this.catalog.entry(type),
      receiver: receivers[0],
      readers: this.cells.filter(({ definition }) => definition.reads?.includes(type)),
      observers: this.cells
        .filter(({ definition }) => definition.observes?.[type])
        .map((cell) => ({ cell, newest: cell.definition.observes?.[type] === 'newest' })),
      awaiting: new Set(this.cells.filter(({ definition }) => definition.awaits?.includes(type))),
    };
    this.routes.set(type, route);
    return route;
  }
}
