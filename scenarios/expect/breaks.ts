/** A defective product is caught: a checker finds its promise broken, or the run fails with certain words. */
import type { Expectation } from '../file/expect-part.ts';
import type { ExpectationResult } from '../recording.ts';
import { promiseOf } from '../run/broken.ts';
import type { End, Watcher } from './watcher.ts';

export const broken = ({ what, broken: promise }: Expectation): Watcher => ({
  result({ findings }: End): ExpectationResult {
    const found = findings.filter(({ checker }) => promiseOf(checker) === promise);
    const [first] = found;
    return {
      what: what ?? `the promise ${promise} is broken`,
      held: first !== undefined,
      why: first
        ? `${found.length} findings, first ${first.sequence === 0 ? 'at rest' : `at record ${first.sequence}`}: ${first.what}`
        : 'its checker found nothing',
    };
  },
});

export const fails = ({ what, fails: text = '' }: Expectation): Watcher => ({
  result({ failures }: End): ExpectationResult {
    const found = failures.find((failure) => failure.includes(text));
    return {
      what: what ?? `the run fails with "${text}"`,
      held: found !== undefined,
      why: found ?? 'no failure says so',
    };
  },
});
