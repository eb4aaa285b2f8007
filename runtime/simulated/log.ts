/** A log that nobody reads: of simulated worlds, of tests, and of tools that say what matters themselves. */
import type { Log } from '../ports.ts';

const nothing = (): void => undefined;

export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
