/**
 * Failures that say that something did not happen: less of a script fails so all the more, and an empty one too. What such a run has on
 * record of the same thing tells that somebody tried.
 */
import { given } from '../file/fields.ts';
import type { LoadedScenario } from '../file/load.ts';
import type { ExpectationResult, Recording } from '../recording.ts';
import { failuresIn } from './scenario-part.ts';

/** Records by type. */
type Counts = Readonly<Record<string, number>>;

export interface Absence {
  readonly failure: string;
  /** What came of the same thing. */
  readonly seenIn: (ran: Recording) => Counts;
  /** How often it was wanted. */
  readonly times: number;
}

/** What has to stay on record. */
export interface Kept {
  readonly types: readonly string[];
  readonly isIn: (ran: Recording) => boolean;
}

function typesIn({ records }: Recording): Counts {
  const counts: Record<string, number> = {};
  for (const { type } of records) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

const failureOf = (expectation: ExpectationResult): string =>
  failuresIn({ expectations: [expectation], findings: [], failures: [] })[0]!;

/** `idle`: the run in which nobody does anything. */
export function absencesIn({ scenario }: LoadedScenario, whole: Recording, idle: Recording): readonly Absence[] {
  const alike = new Set(failuresIn(idle.result));
  const unmet = whole.result.expectations.flatMap((expectation, index): Absence[] => {
    if (expectation.held) return [];
    const failure = failureOf(expectation);
    const { lacks } = expectation;
    // An event that came too often came, whoever brought it about.
    const isEvent = given(scenario.expect[index]!, ['event', 'never']).length > 0;
    if (!lacks && (isEvent || !alike.has(failure))) return [];
    const seenIn = ({ result }: Recording): Counts => result.expectations[index]?.lacks?.seen ?? {};
    return [{ failure, seenIn, times: lacks?.times ?? 1 }];
  });
  const waiting = failuresIn({ expectations: [], findings: [], failures: whole.result.failures }).filter(
    (failure) => failure.includes(' never began: ') && alike.has(failure),
  );
  return [...unmet, ...waiting.map((failure) => ({ failure, seenIn: () => ({}), times: 1 }))];
}

/** Of the same thing as far as anything came of it, else of all that the steps did. */
export function keptOf({ seenIn, times }: Absence, whole: Recording, idle: Recording): Kept {
  const beyondIdle = (countsOf: (ran: Recording) => Counts): (readonly [type: string, count: number])[] => {
    const before = countsOf(idle);
    return Object.entries(countsOf(whole)).flatMap(([type, count]) => {
      const least = Math.max(times, (before[type] ?? 0) + 1);
      return count > (before[type] ?? 0) ? [[type, Math.min(count, least)] as const] : [];
    });
  };
  const own = beyondIdle(seenIn);
  const countsOf = own.length > 0 ? seenIn : typesIn;
  const needed = own.length > 0 ? own : beyondIdle(typesIn);
  return {
    types: needed.map(([type]) => type),
    isIn(ran) {
      const counts = countsOf(ran);
      return needed.every(([type, count]) => (counts[type] ?? 0) >= count);
    },
  };
}
