/** The ambient things a kernel needs, as ports. The live twins are in live/, the simulated ones in simulated/. */

/** Three readings of one clock, in milliseconds. Live they agree; in a replay `marketNow` is the data's; simulated all are virtual. */
export interface Clock {
  /** Trading, sessions, quotas, staleness, domain deadlines, asks inside the order flow. */
  marketNow(): number;
  /** Tokens, rate limits, leases, log. */
  wallNow(): number;
  /** Backoff. */
  monotonic(): number;
  /** Calls `fire` once that reading has reached `due`; returns a cancel function. */
  at(reading: 'market' | 'wall' | 'monotonic', due: number, fire: () => void): () => void;
  /** Calls `heard` soon after market time was put back; absent where that never happens. */
  onPutBack?(heard: () => void): void;
}

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A generator of its own, seeded by this one and `name`; the same name gives the same stream. */
  fork(name: string): Random;
}

export interface Ids {
  /** UUIDv7 form, lower case, unique in this place. */
  uuid(): string;
}

/** The run queue's choice among ready agents: live FIFO (always 0), simulated a seeded pick. */
export interface Scheduler {
  pick(ready: number): number;
  /** Turns of one agent before the next pick. */
  readonly turnsPerPick: number;
  /** Requests from outside that come in between two drains; live only. */
  readonly requestsPerDrain: number;
  /** Runs the kernel's drain soon, outside the present call. */
  defer(drain: () => void): void;
  /** Lets everything else that is ready go first. */
  pause(): Promise<void>;
}

export interface Log {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface RuntimePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly scheduler: Scheduler;
  readonly log: Log;
}
