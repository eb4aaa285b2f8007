/**
 * Jobs' rows on a SQL database. Each call is one statement that names the attempt it speaks for, so that of two workers who believe that
 * they hold a job only the newer one changes anything.
 */
import { and, asc, eq, gt, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import {
  type ClaimedJob,
  type JobEnd,
  type JobRow,
  type JobRows,
  type JobSave,
  type Release,
  StaleAttempt,
  type Wanted,
} from '../../runtime/jobs/rows.ts';
import type { JobOrder, JobPart } from '../../runtime/jobs.ts';
import { compile, type Query, reader } from '../client/database.ts';
import { jobParts, jobs } from '../tables/jobs.ts';

const shown = {
  id: jobs.id,
  kind: jobs.kind,
  state: jobs.state,
  wanted: jobs.wanted,
  attempt: jobs.attempt,
  tries: jobs.tries,
  beat: jobs.beat,
  progressRatio: jobs.progressRatio,
  parts: jobs.parts,
  result: jobs.result,
  reason: jobs.reason,
};
const OPEN = ['waiting', 'running', 'paused'] as const;
const DIED = 'the worker died';

export class SqlJobRows implements JobRows {
  private readonly read: ReturnType<typeof reader>;

  constructor(private readonly query: Query) {
    this.read = reader(query);
  }

  async add({ id, kind, payload }: JobOrder): Promise<void> {
    const { sql: text, params } = compile(sql`
      insert into ${jobs} (id, ordinal, kind, payload, state, wanted, attempt, tries, beat, progress_ratio, parts)
      select ${id}::text, (select coalesce(max(ordinal), 0) + 1 from ${jobs}), ${kind}::text, ${payload}::text,
        'waiting', 'run', 0, 0, 0, 0, 0
      on conflict (id) do nothing`);
    await this.query(text, params);
  }

  async claim(id: string, takeOver: boolean, mark: number): Promise<ClaimedJob | undefined> {
    const isRepeat = and(eq(jobs.state, 'running'), eq(jobs.beat, mark));
    const died = and(eq(jobs.state, 'running'), ne(jobs.beat, mark));
    const [claimed] = await this.read
      .update(jobs)
      .set({
        state: 'running',
        attempt: sql`case when ${isRepeat} then ${jobs.attempt} else ${jobs.attempt} + 1 end`,
        tries: sql`case when ${died} then ${jobs.tries} + 1 else ${jobs.tries} end`,
        reason: sql`case when ${died} then ${DIED}::text else ${jobs.reason} end`,
        beat: mark,
      })
      .where(and(eq(jobs.id, id), or(eq(jobs.state, 'waiting'), takeOver ? eq(jobs.state, 'running') : isRepeat)))
      .returning({ ...shown, payload: jobs.payload, checkpoint: jobs.checkpoint });
    return claimed;
  }

  async save(id: string, attempt: number, { progressRatio, state, further, output, part }: JobSave): Promise<Wanted> {
    const { sql: text, params } = compile(sql`
      with saved as (
        update ${jobs} set checkpoint = ${state}::text, progress_ratio = ${progressRatio}::double precision, beat = beat + 1,
          tries = case when ${further}::boolean then 0 else tries end,
          parts = case when ${output}::text <> '' and parts + 1 = ${part}::int then ${part}::int else parts end
        where ${holds(id, attempt)} returning wanted
      ), written as (
        insert into ${jobParts} (job, part, attempt, output)
        select ${id}::text, ${part}::int, ${attempt}::int, ${output}::text from saved where ${output}::text <> ''
        on conflict (job, part) do nothing
      )
      select wanted from saved`);
    const [row] = await this.query(text, params);
    if (!row) throw new StaleAttempt(id, attempt);
    return row[0] as Wanted;
  }

  async beat(id: string, attempt: number, progressRatio: number): Promise<Wanted> {
    const set = { progressRatio, beat: sql`${jobs.beat} + 1` };
    return (await this.write(id, attempt, set)).wanted;
  }

  release(id: string, attempt: number, release: Release): Promise<JobRow> {
    const state = sql<
      JobRow['state']
    >`case ${jobs.wanted} when 'pause' then 'paused' when 'stop' then 'stopped' else 'waiting' end`;
    const failed = release.how === 'failing' && { tries: sql`${jobs.tries} + 1`, reason: release.reason };
    return this.write(id, attempt, { state, ...failed });
  }

  finish(id: string, attempt: number, end: JobEnd): Promise<JobRow> {
    return this.write(id, attempt, {
      state: end.state,
      checkpoint: null,
      ...(end.state === 'done' && { result: end.result, progressRatio: 1, reason: null }),
      ...(end.state === 'failed' && { reason: end.reason }),
    });
  }

  async want(id: string, wanted: Wanted): Promise<JobRow | undefined> {
    const idle = wanted === 'stop' ? 'stopped' : wanted === 'pause' ? 'paused' : 'waiting';
    const [row] = await this.read
      .update(jobs)
      .set({
        wanted: sql`case when ${jobs.wanted} = 'stop' then 'stop' else ${wanted}::text end`,
        state: sql`case when ${jobs.state} = 'running' then 'running' else ${idle}::text end`,
      })
      .where(and(eq(jobs.id, id), inArray(jobs.state, [...OPEN])))
      .returning(shown);
    return row ?? this.find(id);
  }

  async remove(id: string): Promise<void> {
    const { sql: text, params } = compile(sql`
      with gone as (
        delete from ${jobs} where id = ${id}::text and state in ('done', 'failed', 'stopped') returning id
      )
      delete from ${jobParts} where job in (select id from gone)`);
    await this.query(text, params);
  }

  async find(id: string): Promise<JobRow | undefined> {
    const [row] = await this.read.select(shown).from(jobs).where(eq(jobs.id, id));
    return row;
  }

  open(): Promise<readonly JobRow[]> {
    return this.read
      .select(shown)
      .from(jobs)
      .where(inArray(jobs.state, [...OPEN]))
      .orderBy(asc(jobs.ordinal), asc(jobs.id));
  }

  parts(id: string, after: number, limit: number): Promise<readonly JobPart[]> {
    return this.read
      .select({ part: jobParts.part, attempt: jobParts.attempt, output: jobParts.output })
      .from(jobParts)
      .where(and(eq(jobParts.job, id), gt(jobParts.part, after)))
      .orderBy(asc(jobParts.part))
      .limit(limit);
  }

  private async write(
    id: string,
    attempt: number,
    set: Parameters<ReturnType<typeof this.update>['set']>[0],
  ): Promise<JobRow> {
    const [row] = await this.update().set(set).where(holds(id, attempt)).returning(shown);
    if (!row) throw new StaleAttempt(id, attempt);
    return row;
  }

  private update() {
    return this.read.update(jobs);
  }
}

/** The row, as long as this attempt may write it. */
const holds = (id: string, attempt: number): SQL | undefined =>
  and(eq(jobs.id, id), eq(jobs.attempt, attempt), eq(jobs.state, 'running'));
