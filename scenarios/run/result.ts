/** Puts a finished run together as a recording: what was expected to break is no failure, everything else is. */
import type { LoadedScenario } from '../file/load.ts';
import type { Scenario } from '../file/schema.ts';
import type { ExpectationResult, RecordedFact, RecordedLife, Recording, ScenarioResult } from '../recording.ts';
import type { Session } from '../session.ts';
import { promiseOf } from './broken.ts';
import type { Recorder } from './recorder.ts';

export interface Finished {
  readonly loaded: LoadedScenario;
  readonly scenario: Scenario;
  readonly session: Session;
  readonly recorder: Recorder;
  readonly landedAtMs: readonly number[];
  readonly startAt: number;
  readonly expectations: readonly ExpectationResult[];
  readonly realMs: number;
  readonly commit: string | undefined;
  readonly agents: readonly string[];
  readonly overheard: boolean;
}

function factsOf({ session, landedAtMs }: Finished): RecordedFact[] {
  return session.records.map(
    ({ sequence, epoch, type, source, causationId, correlationId, principal, payload }, index) => ({
      atMs: landedAtMs[index] ?? 0,
      ...{ sequence, epoch, type, source, causationId, correlationId, principal, payload },
    }),
  );
}

function resultOf({ scenario, session, recorder, expectations, realMs }: Finished): ScenarioResult {
  const { world } = session;
  const brokenOnPurpose = new Set(scenario.expect.flatMap(({ broken }) => broken ?? []));
  const failingOnPurpose = scenario.expect.flatMap(({ fails }) => fails ?? []);
  const findings = session.findings.filter(({ checker }) => !brokenOnPurpose.has(promiseOf(checker)));
  const failures = world.failures.filter((failure) => !failingOnPurpose.some((text) => failure.includes(text)));
  return {
    name: scenario.name,
    seed: scenario.seed,
    hash: session.hash,
    virtualMs: session.virtualMs,
    realMs,
    records: session.records.length,
    answers: recorder.answers.length,
    venueCalls: world.venue.calls.length,
    lives: world.lives,
    faults: world.faultCounts,
    expectations,
    findings,
    failures,
    sometimes: session.sometimes,
    passed: findings.length === 0 && failures.length === 0 && expectations.every(({ held }) => held),
  };
}

/** Lives of the product and what the script did to the world, in order. */
function livesOf({ session, recorder, startAt }: Finished): RecordedLife[] {
  const lives = session.world.lifeEvents.map(({ at, what }) => ({ atMs: at - startAt, what }));
  return [...lives, ...recorder.notes].sort((a, b) => a.atMs - b.atMs);
}

export function recordingOf(finished: Finished): Recording {
  const { loaded, scenario, session, recorder, startAt, commit, agents, overheard } = finished;
  return {
    name: scenario.name,
    description: scenario.description,
    file: loaded.file,
    text: loaded.text,
    ...(commit !== undefined && { commit }),
    startAt,
    result: resultOf(finished),
    records: factsOf(finished),
    answers: recorder.answers,
    venueCalls: session.world.venue.calls.map(({ at, call, clientOrderId, told }) => ({
      atMs: at - startAt,
      call,
      orderId: clientOrderId,
      told,
    })),
    faults: recorder.faults,
    quotes: recorder.recordedQuotes,
    equity: recorder.recordedEquity,
    traders: recorder.recordedTraders,
    lives: livesOf(finished),
    agents,
    ...(overheard && { talk: recorder.talk }),
  };
}
