/**
 * Carries out runs that trade live: each is an entity, sees every tick of its instrument, and asks for orders like anybody else. What may
 * be traded the gates decide. What a run says is collected from here; the runs agent keeps its status.
 */
import { hasRunEnded } from '../../domain/run.ts';
import type { LiveAnswered, LiveCollected } from '../../messages/live.ts';
import type { Quote } from '../../messages/market.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';
import type { Memory } from '../../strategies/memory.ts';
import type { Taken } from './message.ts';
import { executionOf } from './orders.ts';
import { type LiveState, NO_RUN } from './state.ts';
import { stepLive } from './step.ts';

const READS = ['run.created', 'run.signalled', 'run.changed', 'order.filled', 'order.ended'];
const NO_KEYS: readonly string[] = [];

function keyOf(message: Taken): string | undefined {
  switch (message.type) {
    case 'run.created':
      return message.task.taskType === 'trading' ? String(message.executionId) : undefined;
    case 'run.changed':
      return hasRunEnded(message.status) ? String(message.executionId) : undefined;
    case 'run.signalled':
    case 'live.get':
    case 'live.collect':
      return String(message.executionId);
    case 'order.filled':
    case 'order.ended':
    case 'order.answered':
      return executionOf(message.orderId);
    default:
      return undefined;
  }
}

function unknown(message: Message): readonly (LiveAnswered | LiveCollected)[] {
  const { type, executionId, taken } = message as Taken & { executionId: number; taken: number };
  if (type === 'live.collect') return [{ type: 'live.collected', executionId, part: taken + 1, output: null }];
  if (type !== 'live.get') return [];
  return [
    {
      ...{ type: 'live.answered', executionId, found: false },
      ...{ state: 'stopped', reason: null, isNews: false, progressRatio: 0 },
    },
  ];
}

/** Of a tick: the runs of its instrument. */
function runsOf(message: Message, runs: ReadonlyMap<string, unknown>): readonly string[] {
  if (message.type !== 'market.quote' || runs.size === 0) return NO_KEYS;
  const found: string[] = [];
  const { symbol } = message as Quote;
  for (const [key, run] of runs) if ((run as LiveState).task.symbol === symbol) found.push(key);
  return found;
}

/**
 * Rows of version 1 knew nothing of exits that the account can't make, those of 2 not the entry that was asked for last, those of 3 did not
 * count refusals; up to 4 `sma_cross` worked out its averages itself. A strategy's own memory is checked when it goes on, run by run.
 */
function upgrade(version: number, state: unknown): LiveState {
  if (version < 1 || version > 4) throw new Error(`strategies: this build knows no rows of version ${version}`);
  const row = { ...NO_RUN, ...(state as LiveState) };
  const { memory, working } = row;
  if (typeof memory !== 'object' || memory === null) return row;
  const asked = working?.wish.kind === 'entry' ? { entry: working.wish.entry, isLeft: false } : null;
  return { ...row, memory: { asked, ...memory, ...watchOf(row) } as Memory };
}

/** What `sma_cross` remembered of the averages is the engine's now. */
function watchOf({ task, memory }: LiveState): object {
  if (task?.strategyType !== 'sma_cross') return {};
  const { input, ...watch } = (memory as { readonly strategy: Readonly<Record<string, Memory>> }).strategy;
  return { strategy: { input }, watch: { cued: 0, ...watch } };
}

export function strategiesAgent(): AgentDefinition {
  return {
    address: 'strategies',
    version: 5,
    upgrade,
    logic: functionLogic<LiveState, Taken>(NO_RUN, stepLive),
    accepts: ['live.get', 'live.collect'],
    reads: READS,
    observes: { 'market.quote': 'held' },
    awaits: ['order.answered'],
    durable: true,
    keyed: {
      key: (message) => keyOf(message as Taken),
      creates: ['run.created'],
      ended: (state) => (state as LiveState).phase === 'gone',
      unknown,
      fanOut: runsOf,
    },
    ignores: [...READS, 'market.quote', 'order.answered', 'resumed'],
  };
}
