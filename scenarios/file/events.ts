/** Messages as a scenario names them: what is recorded, what agents say, and the fields of each. */
import { z } from 'zod';
import { DEFINITIONS, type FactType, type MessageType } from '../../messages/registry.ts';
import { type AgentLifecycle, RUNTIME_MESSAGES } from '../../runtime/lifecycle.ts';
import type { MessageEntry } from '../../runtime/message.ts';
import { suggestion } from './problems.ts';

export type EventName = FactType | AgentLifecycle['type'];

const ALL: readonly MessageEntry[] = [...RUNTIME_MESSAGES, ...DEFINITIONS];
const isEvent = (entry: MessageEntry): entry is MessageEntry & { readonly type: EventName } => entry.kind === 'fact';
const EVENTS = ALL.filter(isEvent).map(({ type }) => type);
const TYPES = ALL.map(({ type }) => type as MessageType | EventName);

const noSuch = (what: string, choices: readonly string[]) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    typeof input === 'string'
      ? `is "${input}", which is no ${what}: ${suggestion(input, choices)}`
      : `must be a ${what}`,
});

/** A type that is recorded. */
export const eventName = z.enum(EVENTS, noSuch('recorded event', EVENTS)).meta({ id: 'event' });
/** Any type, recorded or not. */
export const messageType = z.enum(TYPES, noSuch('message type', TYPES)).meta({ id: 'message' });

const text = z.string();
/** The kernel's messages have no schema: nobody outside sends them. */
const LIFECYCLE = z.object({
  type: text,
  at: z.number(),
  agent: text,
  reason: text,
  messageType: messageType.optional(),
  agents: z.array(text).optional(),
  by: text.optional(),
  entity: text.optional(),
  restarts: z.number().optional(),
  delayMs: z.number().optional(),
} satisfies Record<keyof AgentLifecycle, z.ZodType>);

const SCHEMAS = new Map<string, z.ZodType>(DEFINITIONS.map(({ type, schema }) => [type, schema]));

/** What its records hold. */
export const schemaOf = (event: string): z.ZodType => SCHEMAS.get(event) ?? LIFECYCLE;
