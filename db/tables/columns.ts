/** Column types of all tables. Text compares by code point everywhere, so that an order is the same on every database. */
import { bigint, customType, numeric } from 'drizzle-orm/pg-core';

export const ordered = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });
/** Sequences and times in epoch milliseconds. */
export const whole = (name: string) => bigint(name, { mode: 'number' });
/** Exact decimals; their text is canonical, so that it comes back as it was written. */
export const decimal = (name: string) => numeric(name);
