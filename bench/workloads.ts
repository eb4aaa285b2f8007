/** How much of each workload is one repetition; the same for every side, so that what is compared is the same work. */

/** pingpong: two actors pass one message to and fro, this many deliveries. fanin: one producer, one counting actor, this many. */
export const MESSAGES = 100_000;
export const REPETITIONS = 6;
export const IDLE_AGENTS = 100_000;
/** Orders of the simulated figure: one market order a tick. */
export const SIMULATED_ORDERS = 10_000;
export const SIMULATED_REPETITIONS = 4;
export const DURABLE_SECONDS = 15;
/** Before anything about orders over HTTP counts: some 20,000 orders, after which the compiler has little left to do. */
export const WARM_SECONDS = 10;
export const WARM_CONNECTIONS = 128;
/** Each may give 200 orders a minute by the development profile's limits: more than any load here gives them. */
export const DURABLE_TRADERS = 1_000;
/** Latencies: first the rate at full load is measured, then requests leave at a part or a multiple of it. */
export const CAPACITY_SECONDS = 6;
export const LATENCY_SECONDS = 12;
export const URGENT_PER_SECOND = 20;
export const READ_SECONDS = 8;
/** Before a read's latency counts, as many as are answered in so long. */
export const READ_WARM_SECONDS = 3;
export const READ_CONNECTIONS = 32;
export const READ_TRADERS = 100;
/** A list that fills its page. */
export const READ_TRADES_EACH = 20;
export const READ_PACE_PER_SECOND = 1_000;
/** Ended orders in the data directory of a product that starts again. */
export const HISTORY_ORDERS = 100_000;

/** Drawn worlds of one virtual minute: run twice, run over both databases, told apart by their hashes. */
export const DOUBLE_RUNS = 1_000;
export const EMBEDDED_WORLDS = 20;
export const HASHED_SEEDS = 100;
/** Of `HASHED_SEEDS`. */
export const DIFFERENT_HASHES_MIN = 95;
