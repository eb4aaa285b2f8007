/**
 * What one run of a scenario leaves behind, as plain data: the result that people and programs read, and the material of its report,
 * which `renderReport(recording: Recording): string` in scenarios/report/report.ts draws. All of it is simulated.
 */
import type { Finding } from './checkers/checker.ts';

/** Virtual milliseconds since the world's start; every `atMs` and `virtualMs` here counts so. */
type VirtualMs = number;

/** What came of the same thing where an event did not happen, or not often enough: how often it was wanted, and records by type. */
export interface Lacking {
  readonly times: number;
  readonly seen: Readonly<Record<string, number>>;
}

export interface ExpectationResult {
  /** The expectation in words, as it stands in the file. */
  readonly what: string;
  readonly held: boolean;
  /** Why it held or did not, a plain sentence with what was seen. */
  readonly why: string;
  /** When it was decided; absent for what is decided at the end. */
  readonly atMs?: VirtualMs;
  /** Of one that failed because something did not happen: less of a script fails so all the more. */
  readonly lacks?: Lacking;
}

/** Everything here but `realMs` is the same for the same scenario, seed, build and Node version. */
export interface ScenarioResult {
  readonly name: string;
  readonly seed: string;
  /** SHA-256 over records, answers, venue calls and lives, lower-case hex. */
  readonly hash: string;
  readonly virtualMs: VirtualMs;
  readonly realMs: number;
  readonly records: number;
  readonly answers: number;
  readonly venueCalls: number;
  /** How often the product was started. */
  readonly lives: number;
  /** How often each kind of fault happened; kinds that never did are 0. */
  readonly faults: Readonly<Record<string, number>>;
  readonly expectations: readonly ExpectationResult[];
  /** Promises of scenarios/checkers/ that were broken and that nobody expected to break. */
  readonly findings: readonly Finding[];
  /** What must not happen in any world, and steps of the script that went wrong. */
  readonly failures: readonly string[];
  /** Rare situations that were reached, counted by name. */
  readonly sometimes?: Readonly<Record<string, number>>;
  /** No failure, no finding, and every expectation held. */
  readonly passed: boolean;
}

export interface RecordedFact {
  readonly atMs: VirtualMs;
  readonly sequence: number;
  readonly epoch: number;
  readonly type: string;
  readonly source: string;
  /** Sequence of the record that caused it, 0 from outside. */
  readonly causationId: number;
  readonly correlationId: string;
  readonly principal: string;
  /** The message as JSON text. */
  readonly payload: string;
}

export interface RecordedAnswer {
  /** When the request was sent, and when its answer came. */
  readonly askedAtMs: VirtualMs;
  readonly atMs: VirtualMs;
  readonly by: string;
  readonly method: string;
  readonly path: string;
  /** Absent when the connection was refused or cut. */
  readonly status?: number;
  readonly body?: string;
}

/** What reached an agent, or left one for outside, and is on no record: a command, a query, a reply, a port's answer, a deadline. */
export interface RecordedMessage {
  readonly atMs: VirtualMs;
  readonly type: string;
  /** Addresses of agents, `outside`, or `deadline`. */
  readonly source: string;
  readonly target: string;
}

/** Kept only when somebody wants a report: the run is the same without. */
export interface RecordedTalk {
  /** The first ones, in order. */
  readonly messages: readonly RecordedMessage[];
  /** How many more there were. */
  readonly left: number;
}

export interface RecordedVenueCall {
  readonly atMs: VirtualMs;
  readonly call: string;
  readonly orderId: string;
  readonly told: string;
}

export interface RecordedFault {
  readonly atMs: VirtualMs;
  readonly kind: string;
  /** How often at this moment. */
  readonly count: number;
}

/** Sampled evenly; every shock is in it. */
export interface RecordedQuotes {
  readonly symbol: string;
  readonly points: readonly { readonly atMs: VirtualMs; readonly bid: number; readonly ask: number }[];
}

/** Cash and positions at mid prices, in account currency, folded from fills; sampled like quotes, from when the account is there. */
export interface RecordedEquity {
  readonly accountId: string;
  /** What people call it: that of a trader by its trader. */
  readonly name: string;
  readonly points: readonly { readonly atMs: VirtualMs; readonly equity: number }[];
}

/** Somebody who gave orders: a trader of the file, of a call, or of a run. */
export interface RecordedTrader {
  readonly traderId: string;
  readonly accountId: string;
  readonly name: string;
}

export interface RecordedLife {
  readonly atMs: VirtualMs;
  /** `start 1`, `crash`, `step order1: …`, `faults begin`, `faults end`: what happened to the world from outside. */
  readonly what: string;
}

export interface Recording {
  readonly name: string;
  readonly description: string;
  /** Where the scenario came from, and its text when it is a file of text. */
  readonly file?: string;
  readonly text?: string;
  /** The command that runs it again as it ran, where one did. */
  readonly repeatWith?: string;
  /** Of the build, when it is known. */
  readonly commit?: string;
  /** Epoch milliseconds of the world's start. */
  readonly startAt: number;
  readonly result: ScenarioResult;
  readonly records: readonly RecordedFact[];
  readonly answers: readonly RecordedAnswer[];
  readonly venueCalls: readonly RecordedVenueCall[];
  readonly faults: readonly RecordedFault[];
  readonly quotes: readonly RecordedQuotes[];
  readonly equity: readonly RecordedEquity[];
  readonly traders: readonly RecordedTrader[];
  readonly lives: readonly RecordedLife[];
  /** Addresses of all agents, those that did nothing too. */
  readonly agents: readonly string[];
  readonly talk?: RecordedTalk;
}
