/**
 * Adds up what the API counted for each trader and records it once a minute, one fact an hour it belongs to. Not durable: a
 * crash loses at most one minute of counts, never a recorded one.
 */
import { deliveredAt } from '../../messages/delivered.ts';
import type { UsageMeter, UsageMetered } from '../../messages/quota.ts';
import type { AgentDefinition } from '../../runtime/agent.ts';
import { type After, after, functionLogic } from '../../runtime/logic.ts';
import type { Message } from '../../runtime/message.ts';

const FLUSH_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

interface Usage {
  readonly traderId: string;
  /** Start of the UTC hour that is counted. */
  readonly hour: number;
  readonly apiCalls: number;
  readonly computeMs: number;
  readonly flushed: boolean;
}

/** The meter's own deadline. */
type FlushDue = Message & { readonly type: 'usage.flush' };
type Emit = (message: UsageMetered | After) => void;

const empty: Usage = { traderId: '', hour: 0, apiCalls: 0, computeMs: 0, flushed: false };

function flush({ traderId, hour, apiCalls, computeMs }: Usage, emit: Emit): void {
  if (apiCalls > 0 || computeMs > 0) emit({ type: 'usage.metered', traderId, hour, apiCalls, computeMs });
}

function count(usage: Usage, meter: UsageMeter, emit: Emit): Usage {
  const { traderId, apiCalls, computeMs } = meter;
  const hour = Math.floor(deliveredAt(meter) / HOUR_MS) * HOUR_MS;
  if (usage.traderId === '') emit(after('flush', FLUSH_EVERY_MS, { type: 'usage.flush' }));
  if (usage.hour !== hour) flush(usage, emit);
  const before = usage.hour === hour ? usage : empty;
  return {
    traderId,
    hour,
    apiCalls: before.apiCalls + apiCalls,
    computeMs: before.computeMs + computeMs,
    flushed: false,
  };
}

function step(usage: Usage, message: UsageMeter | FlushDue, emit: Emit): Usage {
  switch (message.type) {
    case 'usage.meter':
      return count(usage, message, emit);
    case 'usage.flush':
      flush(usage, emit);
      return { ...usage, flushed: true };
  }
}

export function meteringAgent(): AgentDefinition {
  return {
    address: 'metering',
    version: 1,
    logic: functionLogic(empty, step),
    accepts: ['usage.meter'],
    durable: false,
    keyed: {
      key: (message) => (message as UsageMeter).traderId,
      creates: ['usage.meter'],
      ended: (usage) => (usage as Usage).flushed,
    },
  };
}
