/** The journal on a SQL database: one statement a group, the head as the fence, reads through Drizzle. */
import { and, asc, eq, gt, inArray, lte, max, min, ne, notInArray, sql } from 'drizzle-orm';
import { GENESIS_HASH } from '../../runtime/chain.ts';
import {
  CommitError,
  type DueRows,
  type EntityRow,
  type Group,
  type Head,
  type Sleeping,
  type Store,
  type StoredRecord,
  type StoredState,
} from '../../runtime/store.ts';
import { compile, type Database, reader, type Statement } from '../client/database.ts';
import { migrate } from '../client/migrate.ts';
import { compareText } from '../memory/compare.ts';
import { cursors, effectOpen, entityState, journalHead, records, sleepers } from '../tables/journal.ts';
import { commitError } from './faults.ts';
import { assertHoldable, groupRows, isHoldable } from './group-rows.ts';
import { commitStatement } from './statement.ts';

export class SqlStore implements Store {
  private readonly read: ReturnType<typeof reader>;

  constructor(
    private readonly database: Database,
    /** Runs once the schema is up to date, before anything is served. */
    private readonly migrated: () => Promise<void>,
  ) {
    this.read = reader(database.query);
  }

  async open(world: string): Promise<Head> {
    await this.database.lock();
    await migrate(this.database);
    await this.migrated();
    await this.refuseHalfRestored();
    await this.database.commit([
      compile(
        sql`insert into ${journalHead} (id, sequence, hash, epoch, world) values (1, 0, ${GENESIS_HASH}, 0, ${world}) on conflict (id) do nothing`,
      ),
    ]);
    const head = await this.head();
    if (head.world !== world) throw new Error(`this place belongs to the world ${head.world}, not to ${world}`);
    return head;
  }

  async takeEpoch(): Promise<Head> {
    await this.database.lock();
    await this.database.commit([compile(sql`update ${journalHead} set epoch = epoch + 1 where id = 1`)]);
    return this.head();
  }

  async commit(group: Group): Promise<void> {
    const statement = statementOf(group);
    try {
      await this.database.commit([statement]);
    } catch (error) {
      throw commitError(error);
    }
  }

  async load(agent?: string, sleeping: readonly Sleeping[] = []): Promise<StoredState> {
    const { read } = this;
    const [rows, cursorRows, effects, sleepy] = await Promise.all([
      read
        .select()
        .from(entityState)
        .where(agent === undefined ? undefined : eq(entityState.agent, agent))
        .orderBy(asc(entityState.agent), asc(entityState.entity)),
      read
        .select()
        .from(cursors)
        .where(agent === undefined ? undefined : eq(cursors.agent, agent))
        .orderBy(asc(cursors.agent)),
      read
        .select()
        .from(effectOpen)
        .where(agent === undefined ? undefined : eq(effectOpen.agent, agent))
        .orderBy(asc(effectOpen.agent), asc(effectOpen.sequence)),
      this.sleepers(agent, sleeping),
    ]);
    const all = sleepy.rows.length === 0 ? rows : [...rows, ...sleepy.rows].sort(byAgentAndEntity);
    return { rows: all, ...(sleeping.length > 0 && { asleep: sleepy.asleep }), cursors: cursorRows, effects };
  }

  /** How many there are of an agent and version that is left asleep never matters: no query looks at their rows. */
  private async sleepers(
    agent: string | undefined,
    sleeping: readonly Sleeping[],
  ): Promise<Pick<StoredState, 'rows' | 'asleep'>> {
    const { read } = this;
    const left = sleeping.filter((each) => agent === undefined || each.agent === agent);
    const rows: EntityRow[] = [];
    const asleep: { agent: string; lastWakesAt: number }[] = [];
    for (const one of left) {
      const ofAgent = eq(sleepers.agent, one.agent);
      const [versions] = await read
        .select({ first: min(sleepers.version), last: max(sleepers.version) })
        .from(sleepers)
        .where(ofAgent);
      if (versions?.first == null) continue;
      const others = and(ofAgent, ne(sleepers.version, one.version));
      if (versions.first !== one.version || versions.last !== one.version)
        rows.push(...(await read.select().from(sleepers).where(others)));
      const [last] = await read
        .select({ wakesAt: max(sleepers.wakesAt) })
        .from(sleepers)
        .where(and(ofAgent, eq(sleepers.version, one.version)));
      if (last?.wakesAt != null) asleep.push({ agent: one.agent, lastWakesAt: last.wakesAt });
    }
    if (agent === undefined) rows.push(...(await this.sleepersBeside(left.map((one) => one.agent))));
    else if (left.length === 0) rows.push(...(await read.select().from(sleepers).where(eq(sleepers.agent, agent))));
    return { rows, asleep };
  }

  /** Of agents that are not left asleep: mostly there is none. */
  private async sleepersBeside(left: readonly string[]): Promise<readonly EntityRow[]> {
    const [agents] = await this.read.select({ first: min(sleepers.agent), last: max(sleepers.agent) }).from(sleepers);
    if (agents?.first == null || (agents.first === agents.last && left.includes(agents.first))) return [];
    return this.read
      .select()
      .from(sleepers)
      .where(left.length === 0 ? undefined : notInArray(sleepers.agent, [...left]));
  }

  async find(agent: string, entities: readonly string[]): Promise<readonly EntityRow[]> {
    return this.read
      .select()
      .from(sleepers)
      .where(and(eq(sleepers.agent, agent), inArray(sleepers.entity, [...entities])))
      .orderBy(asc(sleepers.entity));
  }

  async due({ agent, version, after, until, limit }: DueRows): Promise<readonly EntityRow[]> {
    const { wakesAt, entity } = sleepers;
    const between = (from: number, to: number) =>
      this.read
        .select()
        .from(sleepers)
        .where(and(eq(sleepers.agent, agent), eq(sleepers.version, version), gt(wakesAt, from), lte(wakesAt, to)))
        .orderBy(asc(wakesAt), asc(entity));
    const rows = await between(after, until).limit(limit);
    const last = rows[limit - 1]?.wakesAt;
    if (last === undefined) return rows;
    return [...rows.filter((row) => row.wakesAt < last), ...(await between(last - 1, last))];
  }

  async records(after: number, limit: number): Promise<readonly StoredRecord[]> {
    return this.read
      .select()
      .from(records)
      .where(gt(records.sequence, after))
      .orderBy(asc(records.sequence))
      .limit(limit);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** A restore writes the head last: records without one are the rest of a restore that was cut off. */
  private async refuseHalfRestored(): Promise<void> {
    const [head] = await this.read.select({ id: journalHead.id }).from(journalHead);
    if (head) return;
    const [record] = await this.read.select({ sequence: records.sequence }).from(records).limit(1);
    if (record) throw new Error('a restore into this place was cut off: restore the backup again');
  }

  private async head(): Promise<Head> {
    const { sequence, hash, epoch, world } = journalHead;
    const [head] = await this.read.select({ sequence, hash, epoch, world }).from(journalHead);
    if (!head) throw new Error('Invariant: an open journal has a head');
    return head;
  }
}

const byAgentAndEntity = (a: EntityRow, b: EntityRow): number =>
  compareText(a.agent, b.agent) || compareText(a.entity, b.entity);

/** What can't be put into words was never sent, and can't be the next time: no fault of the database. */
function statementOf(group: Group): Statement {
  try {
    const statement = commitStatement(headMove(group), groupRows(group));
    // Whole columns are looked at first: row by row this cost as much as their joining.
    if (!statement.params.every(isHoldable)) assertHoldable(group);
    return statement;
  } catch (error) {
    if (error instanceof CommitError) throw error;
    throw new CommitError('data', String(error), { cause: error });
  }
}

const headMove = ({ sequence, hash, epoch, previousSequence }: Group) => ({ sequence, hash, epoch, previousSequence });
