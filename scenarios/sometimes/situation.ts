/** What a rare situation is, and the words that lists of them are written with. */
import type { DenialCode } from '../../domain/denial.ts';
import type { Fact } from '../checkers/folds/facts.ts';
import type { Finished, Moment } from './timeline.ts';

export type Watch = (moment: Moment) => boolean;

export interface Situation {
  readonly name: string;
  /** Seen in a record and what was before it; a fresh watch for each world. */
  readonly watch?: () => Watch;
  /** The only type of record in which it can be seen; absent: any. */
  readonly type?: Fact['type'];
  /** Seen in a finished world. */
  readonly count?: (finished: Finished) => number;
}

export const always =
  (watch: Watch): (() => Watch) =>
  () =>
    watch;

/** Seen in facts of one type. */
export function on<T extends Fact['type']>(
  type: T,
  sees: (moment: Moment & { readonly fact: Extract<Fact, { readonly type: T }> }) => boolean,
): Pick<Situation, 'type' | 'watch'> {
  return { type, watch: () => sees as Watch };
}

export const fault = (kind: string): Situation => ({
  name: `fault: ${kind}`,
  count: ({ faults }) => faults[kind] ?? 0,
});

export const denied = (code: DenialCode): Situation => ({
  name: `denied: ${code}`,
  ...on('order.ended', ({ fact }) => fact.denial?.code === code),
});
