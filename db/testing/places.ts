/**
 * Places for tests of what every database promises. Where a new one takes seconds, tests of what is written share one that is emptied
 * before each; tests of a place itself (its world, its holder, a kill) always get a new one.
 */
import type { Store } from '../../runtime/store.ts';
import type { OpenedPlace } from '../open.ts';

export interface TestPlace<Opened> {
  open(): Opened;
  /** Ends the holder as a kill would; what it had acknowledged stays. */
  kill(opened: Opened): Promise<void>;
  /** Leaves nothing of what was written, while the holder stays. Missing where a new place costs nothing. */
  empty?(opened: Opened): Promise<void>;
  remove(): Promise<void>;
}

interface Held<Opened> {
  readonly place: TestPlace<Opened>;
  readonly opened: Opened;
}

/** Makes, keeps and removes the places of one suite. */
export class TestPlaces<Opened extends { readonly store: Store }> {
  private shared: Held<Opened> | undefined;

  constructor(private readonly makePlace: () => Promise<TestPlace<Opened>>) {}

  /** Nobody has opened it yet. */
  make(): Promise<TestPlace<Opened>> {
    return this.makePlace();
  }

  /** Opened, and nothing is in it. */
  async emptied(): Promise<Opened> {
    if (this.shared?.place.empty) await this.shared.place.empty(this.shared.opened);
    else {
      await this.end();
      const place = await this.makePlace();
      this.shared = { place, opened: place.open() };
    }
    return this.shared.opened;
  }

  async end(): Promise<void> {
    await this.shared?.opened.store.close();
    await this.shared?.place.remove();
    this.shared = undefined;
  }
}

const WRITTEN = `select quote_ident(tablename) from pg_tables where schemaname = 'public' and tablename <> 'applied_migrations'`;

export async function emptyTables({ database }: OpenedPlace): Promise<void> {
  const tables = await database.query(WRITTEN, []);
  await database.commit([{ sql: `truncate ${tables.map(([name]) => name).join(', ')}`, params: [] }]);
}
