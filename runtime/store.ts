/**
 * The journal port: what the kernel asks of a database. One writer commits whole groups; a group lands entirely or not at
 * all. Implementations: embedded PostgreSQL, a PostgreSQL server, and an in-memory twin; one conformance suite holds all three.
 */

/** A record as it is stored. `payload` is the message as JSON text, hashed as stored; times are epoch milliseconds. */
export interface StoredRecord {
  readonly sequence: number;
  readonly epoch: number;
  readonly recordedAt: number;
  readonly type: string;
  readonly payload: string;
  readonly source: string;
  readonly causationId: number;
  readonly correlationId: string;
  readonly principal: string;
  readonly version: number;
  /** Lower-case hex SHA-256, see `chainHash`. */
  readonly hash: string;
}

/** Durable state of one entity of one agent. `state: null` removes the row (the entity has ended). */
export interface EntityRow {
  readonly agent: string;
  readonly entity: string;
  readonly version: number;
  readonly state: string | null;
  /**
   * Present in all rows of entities that may sleep, those of removals too: a start leaves them in the table until somebody asks, or until this
   * market time is near; 0 when they never say.
   */
  readonly wakesAt?: number;
  /** Whether the row is removed, told by rows that spell their state only when it is asked for. */
  readonly isRemoved?: boolean;
}

export interface CursorRow {
  readonly agent: string;
  readonly sequence: number;
}

/** An effect that was promised by a fact and has no outcome yet: the outbox. */
export interface EffectRow {
  readonly sequence: number;
  readonly agent: string;
}

/** A row of a read model, whole. `key` is its primary key as text. */
export interface Upsert {
  readonly table: string;
  readonly key: string;
  readonly row: Readonly<Record<string, string | number | boolean | null>>;
}

/** What one commit writes. `records` are gap-free from `previousSequence + 1`; rows, cursors and upserts hold at most one entry a key. */
export interface Group {
  readonly epoch: number;
  readonly previousSequence: number;
  /** Sequence and hash of the last record, or of the head when there is no record. */
  readonly sequence: number;
  readonly hash: string;
  readonly records: readonly StoredRecord[];
  readonly rows: readonly EntityRow[];
  readonly cursors: readonly CursorRow[];
  readonly opened: readonly EffectRow[];
  readonly closed: readonly EffectRow[];
  readonly upserts: readonly Upsert[];
}

export interface Head {
  readonly sequence: number;
  readonly hash: string;
  readonly epoch: number;
  readonly world: string;
}

/**
 * certain: nothing of the group is there. unknown: it may be there (a lost acknowledgement). data: this group can never be
 * committed as it is (a value the database refuses). fenced: another epoch has taken the head.
 */
export type CommitFault = 'certain' | 'unknown' | 'data' | 'fenced';

export class CommitError extends Error {
  constructor(
    readonly fault: CommitFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommitError';
  }
}

/** Whose rows stay in the table, unless they are of another version than this one. */
export interface Sleeping {
  readonly agent: string;
  readonly version: number;
}

/** Some rows of one agent that sleep. */
export interface DueRows extends Sleeping {
  readonly after: number;
  readonly until: number;
  readonly limit: number;
}

/** Everything the kernel needs to start: rows of what has not ended, cursors, open effects. */
export interface StoredState {
  readonly rows: readonly EntityRow[];
  /** Where somebody was left asleep, of each agent with such rows: the last time at which one of them has to wake. */
  readonly asleep?: readonly { readonly agent: string; readonly lastWakesAt: number }[];
  readonly cursors: readonly CursorRow[];
  readonly effects: readonly EffectRow[];
}

export interface Store {
  /**
   * Becomes the writer: takes the lock that ends with the process, applies migrations, creates the head row of a new place
   * (sequence 0, epoch 0, hash = 64 zeros). Throws an error that names the other writer, or both worlds when they differ.
   */
  open(world: string): Promise<Head>;
  /** Moves the epoch up by one and returns the head as it then is. A commit of an older epoch that is still under way lands before this or never. */
  takeEpoch(): Promise<Head>;
  /** Throws CommitError. */
  commit(group: Group): Promise<void>;
  /** Rows, cursors and effects; of one agent when given. Total order: agent, entity, sequence. What is `sleeping` is not read. */
  load(agent?: string, sleeping?: readonly Sleeping[]): Promise<StoredState>;
  /** Of these entities, which may sleep, the rows that there are, by entity. */
  find(agent: string, entities: readonly string[]): Promise<readonly EntityRow[]>;
  /**
   * Rows that have to wake later than `after` and not later than `until`, by that time and entity: all, or the earliest `limit` and with them
   * whoever wakes at the same time as the last of those.
   */
  due(rows: DueRows): Promise<readonly EntityRow[]>;
  /** Records with `sequence > after`, ascending, at most `limit`. */
  records(after: number, limit: number): Promise<readonly StoredRecord[]>;
  /** Releases the lock. */
  close(): Promise<void>;
}

/** Whether a start leaves this row. */
export const isAsleep = (row: EntityRow, { agent, version }: Sleeping): boolean =>
  row.agent === agent && row.version === version && row.wakesAt !== undefined;

/** Rows in memory as `due` gives them. */
export function earliestDue(
  all: readonly EntityRow[],
  asked: DueRows,
  byText: (a: string, b: string) => number,
): readonly EntityRow[] {
  const { after, until, limit } = asked;
  const due = all
    .filter((row) => isAsleep(row, asked) && row.wakesAt! > after && row.wakesAt! <= until)
    .sort((a, b) => a.wakesAt! - b.wakesAt! || byText(a.entity, b.entity));
  const last = due[limit - 1]?.wakesAt ?? until;
  return due.filter(({ wakesAt }) => wakesAt! <= last);
}
