/**
 * What the command line does to a house, whichever way it reaches it: through the API of a running product, or as the writer of a
 * place that no product holds. Both answer the same.
 */
import type { LimitsAnswered, TradingLimits } from '../../messages/limits.ts';
import type { Comparison, Copy, Retention, Verification } from '../../projections/upkeep.ts';

export type LimitsInForce = Pick<LimitsAnswered, 'version' | 'limits'>;

export interface LimitsChange {
  readonly limits: TradingLimits;
  readonly reason: string;
  /** Nothing is changed when another version is in force. */
  readonly expectedVersion: number;
}

export interface Operations {
  limits(): Promise<LimitsInForce>;
  setLimits(change: LimitsChange): Promise<LimitsInForce>;
  verify(): Promise<Verification>;
  replay(): Promise<Comparison>;
  backup(): Promise<Copy>;
  archive(keep: number): Promise<Retention>;
  /** Records from a sequence on as JSON lines. */
  export(fromSequence: number): Promise<AsyncIterable<string | Uint8Array>>;
  close(): Promise<void>;
}

export const outdated = (now: number, expected: number): string =>
  `the limits have version ${now} now, not ${expected}: somebody has changed them; nothing was changed`;
