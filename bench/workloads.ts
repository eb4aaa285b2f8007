/** How much of each workload is one repetition; the same for every side, so that what is compared is the same work. */

/** pingpong: two actors pass one message to and fro, this many deliveries. fanin: one producer, one counting actor, this many. */
export const MESSAGES = 100_000;
export const REPETITIONS = 6;
export const IDLE_AGENTS = 100_000;
/** Orders of the simulated figure: one market order a tick. */
export const SIMULATED_ORDERS = 10_000;
export const DURABLE_SECONDS = 20;
export const READ_SECONDS = 10;
export const READ_CONNECTIONS = 32;
