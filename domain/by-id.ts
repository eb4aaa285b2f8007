/**
 * Small immutable collections by id. They have no prototype, so that any id is just a key; and the engine keeps them as tables: an
 * object that gets a key nobody had before, order after order, would cost a new hidden shape each time.
 */
export type ById<Entry> = Readonly<Record<string, Entry>>;

function copyOf<Entry>(all: ById<Entry>, except?: string): Record<string, Entry> {
  const copy = Object.create(null) as Record<string, Entry>;
  for (const id in all) if (id !== except) copy[id] = all[id]!;
  return copy;
}

export function withEntry<Entry>(all: ById<Entry>, id: string, entry: Entry): ById<Entry> {
  const copy = copyOf(all);
  copy[id] = entry;
  return copy;
}

/** The same collection when it has no such entry. */
export function withoutEntry<Entry>(all: ById<Entry>, id: string): ById<Entry> {
  return all[id] === undefined ? all : copyOf(all, id);
}
