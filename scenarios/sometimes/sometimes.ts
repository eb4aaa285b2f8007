/** Counts the rare situations of one finished world, and adds worlds up. Zero is told too: it is what one looks for. */
import type { CheckedRecord } from '../checkers/checker.ts';
import type { Watch } from './situation.ts';
import { SITUATIONS } from './situations.ts';
import { type Finished, groupCalls, type Moment, walk } from './timeline.ts';

/** Times by the situation's name. */
export type Sometimes = Readonly<Record<string, number>>;

export interface FinishedWorld extends Omit<Finished, 'callsOf'> {
  readonly records: readonly CheckedRecord[];
}

export function sometimesOf({ rest, records, answers, messages, faults }: FinishedWorld): Sometimes {
  const counts: Record<string, number> = {};
  for (const { name } of SITUATIONS) counts[name] = 0;
  const ofType = new Map<string | undefined, { readonly name: string; readonly sees: Watch }[]>();
  for (const { name, type, watch } of SITUATIONS)
    if (watch) ofType.set(type, [...(ofType.get(type) ?? []), { name, sees: watch() }]);
  const look = (type: string | undefined, moment: Moment): void => {
    for (const { name, sees } of ofType.get(type) ?? []) if (sees(moment)) counts[name] = (counts[name] ?? 0) + 1;
  };
  walk(records, (moment) => {
    look(undefined, moment);
    look(moment.record.type, moment);
  });
  const finished = { rest, answers, messages, faults, callsOf: groupCalls(rest.venueCalls) };
  for (const { name, count } of SITUATIONS) if (count) counts[name] = (counts[name] ?? 0) + count(finished);
  return counts;
}

export function sum(all: readonly Sometimes[]): Sometimes {
  const total: Record<string, number> = {};
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/** Names of situations that were never reached. */
export const neverReached = (counts: Sometimes): readonly string[] =>
  SITUATIONS.map(({ name }) => name).filter((name) => (counts[name] ?? 0) === 0);
