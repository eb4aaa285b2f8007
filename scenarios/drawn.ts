/**
 * A world drawn from a seed: its faults, its crowd and how long it lasts; first with faults, then healed, then at rest. The result
 * says what happened and which promises were broken; the same seed and build give the same hash.
 */
import type { SimulatedPlace } from '../db/simulated/database.ts';
import type { AgentLifecycle } from '../runtime/lifecycle.ts';
import { SIMULATED_CRASH } from '../runtime/simulated/crashing-agents.ts';
import { seededRandom } from '../runtime/simulated/random.ts';
import type { ProductSettings } from '../system/ports.ts';
import { NO_WORLD_FAULTS } from './faults.ts';
import { NOTHING_HELD } from './held-market.ts';
import { burst } from './people/burst.ts';
import { SYMBOLS } from './people/draw.ts';
import { drawScript } from './people/draw-script.ts';
import { Engineer } from './people/engineer.ts';
import { play } from './people/play.ts';
import { type Script, settingsFor } from './people/script.ts';
import { findingText, Session } from './session.ts';
import type { Sometimes } from './sometimes/sometimes.ts';

export interface DrawnOptions {
  readonly seed: string;
  readonly place: SimulatedPlace;
  readonly settings: ProductSettings;
  /** How long the crowd stays, in virtual milliseconds. */
  readonly virtualMs: number;
  readonly faults: boolean;
  /** What happens; drawn from the seed when absent. */
  readonly script?: Script;
  /** Ends with the first broken promise, without healing and rest. */
  readonly stopAtFinding?: boolean;
  /** Instead of a crowd over time: sixty requests at one instant. */
  readonly burst?: boolean;
}

export interface DrawnResult {
  readonly seed: string;
  /** SHA-256 over records, answers and venue calls. */
  readonly hash: string;
  readonly virtualMs: number;
  readonly records: number;
  readonly lives: number;
  readonly faults: Readonly<Record<string, number>>;
  /** How often each rare situation was reached. */
  readonly sometimes: Sometimes;
  readonly failures: readonly string[];
}

const HEALING_MS = 5 * 60_000;
const SLICE_MS = 5_000;

export async function runDrawn(options: DrawnOptions): Promise<DrawnResult> {
  const { seed, place } = options;
  const script = options.script ?? drawScript(seed, options.virtualMs, options.faults);
  const { startsAt, virtualMs, faults, workers, idempotency, commissionBps = '0' } = script;
  const settings = settingsFor(options.settings, script);
  const past = script.past && { invented: SYMBOLS };
  const session = new Session({
    seed,
    place,
    settings,
    symbols: SYMBOLS,
    faults,
    startsAt,
    workers,
    past,
    idempotency,
  });
  const { world } = session;
  world.venue.setCommission(commissionBps);
  await session.open();
  // Counted without nights, like the moments of a script.
  const awake = (): number => world.now - world.runner.leaptMs;
  const until = awake() + virtualMs;
  let gone = false;
  const people = options.burst ? burst(world, seededRandom(`${seed}/crowd`), SYMBOLS) : play(world, script);
  const engineer = faults.agents.crashRatio > 0 ? new Engineer(world) : undefined;
  void Promise.all([people, engineer?.work()]).then(
    () => {
      gone = true;
    },
    (error: unknown) => world.failures.push(`the crowd broke: ${String(error)}`),
  );
  const isOver = (): boolean =>
    options.stopAtFinding === true && (session.findings.length > 0 || world.failures.length > 0);
  const run = async (end: number): Promise<void> => {
    while (awake() < end && !isOver()) await session.runUntil(world.now + Math.min(end - awake(), SLICE_MS));
  };
  await run(until);
  world.setFaults(NO_WORLD_FAULTS);
  world.holdMarket(NOTHING_HELD);
  session.heal();
  engineer?.heal();
  await run(until + HEALING_MS);
  if (isOver()) return ended(session, seed);
  if (!gone && world.failures.length === 0)
    world.failures.push(
      `somebody still waits after the healing: ${[...world.callers.waiting].join(', ') || 'nobody for an answer'}`,
    );
  await session.finishWhatIsUnderWay();
  await session.rest();
  return ended(session, seed);
}

/** No agent of a drawn world is defective: one that throws by itself is, however well the house bears it. */
const crashesIn = ({ records }: Session): string[] =>
  records.flatMap(({ type, message, sequence }) => {
    if (type !== 'agent.crashed') return [];
    const { agent, reason } = message as AgentLifecycle;
    return reason.startsWith(SIMULATED_CRASH) ? [] : [`the agent ${agent} crashed at ${sequence}: ${reason}`];
  });

function ended(session: Session, seed: string): DrawnResult {
  const { world, virtualMs, findings, records, hash, sometimes } = session;
  world.product?.abandon();
  return {
    seed,
    hash,
    virtualMs,
    records: records.length,
    lives: world.lives,
    faults: world.faultCounts,
    sometimes,
    failures: [...world.failures, ...findings.map(findingText), ...crashesIn(session)],
  };
}
