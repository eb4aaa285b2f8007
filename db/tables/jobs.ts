/** Background work: one row a job, and its output in parts. Written by the product and by workers on other machines, never by the journal. */
import { doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Wanted } from '../../runtime/jobs/rows.ts';
import type { JobState } from '../../runtime/jobs.ts';
import { ordered, whole } from './columns.ts';

export const jobs = pgTable(
  'jobs',
  {
    id: ordered('id').primaryKey(),
    /** Order of being asked for. */
    ordinal: whole('ordinal').notNull(),
    kind: ordered('kind').notNull(),
    payload: text('payload').notNull(),
    state: ordered('state').$type<JobState>().notNull(),
    wanted: ordered('wanted').$type<Wanted>().notNull(),
    attempt: integer('attempt').notNull(),
    tries: integer('tries').notNull(),
    beat: whole('beat').notNull(),
    progressRatio: doublePrecision('progress_ratio').notNull(),
    parts: integer('parts').notNull(),
    checkpoint: text('checkpoint'),
    result: text('result'),
    reason: text('reason'),
  },
  (table) => [index('jobs_by_state').on(table.state, table.ordinal)],
);

export const jobParts = pgTable(
  'job_parts',
  {
    job: ordered('job').notNull(),
    part: integer('part').notNull(),
    attempt: integer('attempt').notNull(),
    output: text('output').notNull(),
  },
  (table) => [primaryKey({ columns: [table.job, table.part] })],
);
