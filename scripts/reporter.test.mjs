/** The last line of a test run counts everything that went wrong. */
import { describe, expect, it } from 'vitest';
import { totals } from './reporter.mjs';

const test = (state) => ({ result: () => ({ state }) });
const file = (tests, { errors = [], suites = [] } = {}) => ({
  errors: () => errors,
  children: { allTests: () => tests, allSuites: () => suites },
});

describe('totals', () => {
  it('count tests by their result', () => {
    const files = [file([test('passed'), test('failed')]), file([test('passed'), test('skipped'), test('pending')])];
    expect(totals(files, [])).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });
  it('count a file that could not be loaded and a broken suite as failed', () => {
    const files = [
      file([], { errors: [new Error('syntax')] }),
      file([test('passed')], { suites: [{ errors: () => [new Error('hook')] }] }),
    ];
    expect(totals(files, [])).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });
  it('count an error outside any test as failed', () => {
    expect(totals([file([test('passed')])], [new Error('late')])).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });
});
