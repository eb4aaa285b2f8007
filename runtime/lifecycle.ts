/** The kernel's own messages: what became of agents. Every decision of a supervisor is a fact. */
import type { Message, MessageEntry } from './message.ts';

export interface AgentLifecycle extends Message {
  readonly type:
    | 'agent.started'
    | 'agent.crashed'
    | 'agent.restarted'
    | 'agent.stopped'
    | 'agent.parked'
    | 'agent.escalated'
    | 'agent.recovered'
    | 'agent.revisited'
    | 'runtime.failed';
  readonly agent: string;
  /** Why, in one sentence; for `agent.parked` the parked message's type is in `messageType`. */
  readonly reason: string;
  readonly messageType?: string;
  /** Of `agent.escalated`: whom the supervisor that gave up takes with it. */
  readonly agents?: readonly string[];
  /** The named person who let an agent that stayed down go on. */
  readonly by?: string;
  readonly entity?: string;
  readonly restarts?: number;
  readonly delayMs?: number;
}

/** Sent to each waiting entity after a start: repeat the request you are waiting for. */
export interface Resumed extends Message {
  readonly type: 'resumed';
}

const fact = (type: AgentLifecycle['type']): MessageEntry => ({ type, kind: 'fact', version: 1 });

export const RUNTIME_MESSAGES: readonly MessageEntry[] = [
  fact('agent.started'),
  fact('agent.crashed'),
  fact('agent.restarted'),
  fact('agent.stopped'),
  fact('agent.parked'),
  fact('agent.escalated'),
  fact('agent.recovered'),
  fact('agent.revisited'),
  fact('runtime.failed'),
  { type: 'resumed', kind: 'command', version: 1 },
];
