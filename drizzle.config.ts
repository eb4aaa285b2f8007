/** What drizzle-kit reads to write the next migration: `npx drizzle-kit generate`. Both databases share schema and migrations. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './db/tables/*.ts', out: './db/migrations' });
