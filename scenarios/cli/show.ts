/** How a result reads: one line for a person, what went wrong below it with the command that repeats it, JUnit XML for a CI. */

import type { ScenarioResult } from '../recording.ts';
import { findingText } from '../session.ts';
import type { BankOutcome } from './bank-first.ts';

const MINUTE_MS = 60_000;
const HASH_SHOWN = 16;

/** What happened at least once: `drop 3, outage 1`. */
export function faultsText(faults: Readonly<Record<string, number>>): string {
  const happened = Object.entries(faults).filter(([, count]) => count > 0);
  return happened.map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none';
}

export type Problematic = Pick<ScenarioResult, 'expectations' | 'findings' | 'failures'>;

/** Everything that made it fail, a line each. */
export const problemsOf = ({ expectations, findings, failures }: Problematic): string[] => [
  ...expectations.filter(({ held }) => !held).map(({ what, why }) => `expected: ${what}; but ${why}`),
  ...findings.map((finding) => `promise broken: ${findingText(finding)}`),
  ...failures.map((failure) => `went wrong: ${failure}`),
];

export function resultLine(result: ScenarioResult): string {
  const { name, seed, hash, virtualMs, realMs, records, answers, venueCalls, faults, expectations, passed } = result;
  const held = expectations.filter((expectation) => expectation.held).length;
  return [
    `${passed ? 'ok    ' : 'FAILED'} ${name}`,
    `seed ${seed}`,
    hash.slice(0, HASH_SHOWN),
    `${(virtualMs / MINUTE_MS).toFixed(1)} virtual min in ${(realMs / 1_000).toFixed(2)} s`,
    `${records} records, ${answers} answers, ${venueCalls} venue calls`,
    `${held} of ${expectations.length} expectations`,
    `faults: ${faultsText(faults)}`,
  ].join('  ');
}

export interface Shown {
  readonly file: string;
  readonly seed: string;
  /** Absent when it could not be run. */
  readonly result?: ScenarioResult;
  /** Why it could not. */
  readonly error?: string;
  /** What is left of it when it was made small, in lines. */
  readonly small?: readonly string[];
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** What XML 1.0 cannot hold is left out. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);

function testCase({ file, seed, result, error, small = [] }: Shown): string {
  const seconds = ((result?.realMs ?? 0) / 1_000).toFixed(3);
  const open = `  <testcase classname="${escaped(file)}" name="${escaped(`${result?.name ?? file} (seed ${seed})`)}" time="${seconds}"`;
  if (error !== undefined) return `${open}><error message="could not be run">${escaped(error)}</error></testcase>`;
  const problems = result ? problemsOf(result) : [];
  if (result?.passed) return `${open}/>`;
  return `${open}><failure message="${escaped(problems[0] ?? 'failed')}">${escaped([...problems, ...small].join('\n'))}</failure></testcase>`;
}

const bankCase = ({ name, failures }: BankOutcome): string =>
  `  <testcase classname="bank" name="${escaped(name)}"><failure message="${escaped(failures[0] ?? 'failed')}">${escaped(failures.join('\n'))}</failure></testcase>`;

/** The format that JUnit's readers agree on. `broken`: entries of the bank that failed again. */
export function junitXml(all: readonly Shown[], broken: readonly BankOutcome[] = []): string {
  const errors = all.filter(({ error }) => error !== undefined).length;
  const failures = all.filter(({ result }) => result && !result.passed).length;
  const seconds = all.reduce((sum, { result }) => sum + (result?.realMs ?? 0), 0) / 1_000;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="scenarios" tests="${all.length + broken.length}" failures="${failures + broken.length}" errors="${errors}" time="${seconds.toFixed(3)}">`,
    ...broken.map(bankCase),
    ...all.map(testCase),
    '</testsuite>',
    '',
  ].join('\n');
}
