/** The journal and what is committed with it: records, entity rows, cursors, open effects and the one head row. */
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { ordered, whole } from './columns.ts';

export const records = pgTable('records', {
  sequence: whole('sequence').primaryKey(),
  epoch: whole('epoch').notNull(),
  recordedAt: whole('recorded_at').notNull(),
  type: ordered('type').notNull(),
  payload: text('payload').notNull(),
  source: ordered('source').notNull(),
  causationId: whole('causation_id').notNull(),
  correlationId: ordered('correlation_id').notNull(),
  principal: ordered('principal').notNull(),
  version: integer('version').notNull(),
  hash: text('hash').notNull(),
});

export const entityState = pgTable(
  'entity_state',
  {
    agent: ordered('agent').notNull(),
    entity: ordered('entity').notNull(),
    version: integer('version').notNull(),
    state: text('state').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agent, table.entity] })],
);

/** Durable state of entities that may sleep: a start leaves them here, however many there are. */
export const sleepers = pgTable(
  'sleepers',
  {
    agent: ordered('agent').notNull(),
    entity: ordered('entity').notNull(),
    version: integer('version').notNull(),
    wakesAt: whole('wakes_at').notNull(),
    state: text('state').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.agent, table.entity] }),
    index('sleepers_due').on(table.agent, table.version, table.wakesAt),
  ],
);

export const cursors = pgTable('cursors', {
  agent: ordered('agent').primaryKey(),
  sequence: whole('sequence').notNull(),
});

/** A promised effect without an outcome: the outbox. */
export const effectOpen = pgTable(
  'effect_open',
  { sequence: whole('sequence').notNull(), agent: ordered('agent').notNull() },
  (table) => [primaryKey({ columns: [table.agent, table.sequence] })],
);

/** One row (`id` 1) that every commit locks and moves. */
export const journalHead = pgTable('journal_head', {
  id: integer('id').primaryKey(),
  sequence: whole('sequence').notNull(),
  hash: text('hash').notNull(),
  epoch: whole('epoch').notNull(),
  world: text('world').notNull(),
});

export const projectionVersion = pgTable('projection_version', {
  name: ordered('name').primaryKey(),
  version: integer('version').notNull(),
});
