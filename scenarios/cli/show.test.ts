/** Results as people and a CI read them. */
import { describe, expect, test } from 'vitest';
import type { ScenarioResult } from '../recording.ts';
import { junitXml, problemsOf, resultLine } from './show.ts';

const result = (changes: Partial<ScenarioResult> = {}): ScenarioResult => ({
  ...{ name: 'A & B', seed: '7', hash: 'ab'.repeat(32), virtualMs: 90_000, realMs: 1_234, records: 3, answers: 2 },
  ...{ venueCalls: 1, lives: 1, faults: { drop: 2, gap: 0 }, findings: [], failures: [], passed: true },
  expectations: [{ what: 'one', held: true, why: 'so' }],
  ...changes,
});
const broken = result({
  passed: false,
  expectations: [{ what: 'one < two', held: false, why: 'it was not' }],
  findings: [{ checker: 'I1', sequence: 4, what: 'too much' }],
  failures: ['a step \u0000 failed'],
});

test('a line says what ran, how long, and which faults happened', () => {
  expect(resultLine(result())).toBe(
    'ok     A & B  seed 7  abababababababab  1.5 virtual min in 1.23 s  3 records, 2 answers, 1 venue calls  1 of 1 expectations  faults: drop 2',
  );
  expect(resultLine(broken)).toMatch(/^FAILED A & B {2}seed 7/);
});

test('everything that went wrong is told', () => {
  expect(problemsOf(result())).toEqual([]);
  expect(problemsOf(broken)).toEqual([
    ...['expected: one < two; but it was not', 'promise broken: I1 at 4: too much', 'went wrong: a step \u0000 failed'],
  ]);
});

describe('JUnit XML', () => {
  const xml = junitXml([
    { file: 'a.yaml', seed: '7', result: result() },
    { file: 'b.yaml', seed: '8', result: broken, small: ['shrunk to 1 steps'] },
    { file: 'c.yaml', seed: '9', error: 'no "file"' },
  ]);
  test('counts failures and errors apart', () => {
    expect(xml).toContain('<testsuite name="scenarios" tests="3" failures="1" errors="1" time="2.468">');
    expect(xml.match(/<testcase /g)).toHaveLength(3);
  });
  test('holds what is broken again of earlier failures', () => {
    const again = junitXml([{ file: 'a.yaml', seed: '7', result: result() }], [{ name: 'fail-1', failures: ['I1 <'] }]);
    expect(again).toContain('tests="2" failures="1" errors="0"');
    expect(again).toContain('<testcase classname="bank" name="fail-1"><failure message="I1 &lt;">');
  });
  test('escapes what XML cannot hold', () => {
    expect(xml).toContain('name="A &amp; B (seed 7)"');
    expect(xml).toContain('shrunk to 1 steps</failure>');
    expect(xml).toContain('expected: one &lt; two; but it was not');
    expect(xml).toContain('went wrong: a step  failed');
    expect(xml).toContain('no &quot;file&quot;');
  });
});
