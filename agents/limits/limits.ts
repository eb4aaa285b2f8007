/**
 * Owns the trading limits: one versioned set, changed whole, each change a fact with who and why. Invariant: a change made
 * from an outdated version changes nothing. It knows who set those in force, and what they were before anything of it was his.
 */
import type { LimitsAnswered, LimitsChanged, LimitsGet, LimitsSet, TradingLimits } from '../../messages/limits.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import type { Resumed } from '../../runtime/lifecycle.ts';
import { type Emit, functionLogic } from '../../runtime/logic.ts';

export interface LimitsState {
  /** 0: nothing has ever been configured. */
  readonly version: number;
  readonly limits: TradingLimits | null;
  /** Absent before the first change, and in rows of an earlier time. */
  readonly authored?: NonNullable<LimitsAnswered['authored']>;
}

function answer(outcome: LimitsAnswered['outcome'], { version, limits }: LimitsState): LimitsAnswered {
  return { type: 'limits.answered', outcome, version, limits };
}

function change(state: LimitsState, { limits, by, reason, expectedVersion }: LimitsSet, emit: Emit): LimitsState {
  if (expectedVersion !== undefined && expectedVersion !== state.version) {
    emit(answer('conflict', state));
    return state;
  }
  // Whoever goes on with his own set has not been looked at by anybody else meanwhile.
  const before = state.authored?.by === by ? state.authored.before : state.limits;
  const next: LimitsState = { version: state.version + 1, limits, authored: { by, before } };
  const changed: LimitsChanged = { type: 'limits.changed', limitsVersion: next.version, limits, by, reason };
  emit(changed);
  emit(answer('changed', next));
  return next;
}

function step(state: LimitsState, message: LimitsSet | LimitsGet | Resumed, emit: Emit): LimitsState {
  switch (message.type) {
    case 'limits.set':
      return change(state, message, emit);
    case 'limits.get':
      emit({ ...answer('current', state), ...(state.authored && { authored: state.authored }) });
      return state;
    case 'resumed':
      return state;
  }
}

export const limitsLogic = (initial: TradingLimits | undefined) =>
  functionLogic<LimitsState, LimitsSet | LimitsGet | Resumed>(
    { version: initial ? 1 : 0, limits: initial ?? null },
    step,
  );

/** Until the first change `initial` is version 1; without it nothing is configured, and no limit means no trading. */
export const limitsAgent = (initial: TradingLimits | undefined): AgentDefinition => ({
  address: 'limits',
  version: 1,
  durable: true,
  logic: limitsLogic(initial),
  accepts: ['limits.set', 'limits.get'],
  ignores: ['resumed'],
});
