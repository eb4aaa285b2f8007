/**
 * A message is a zod schema and a type of the same name, made here. The kind decides delivery (see runtime/message.ts). Schemas
 * validate at the journal's door, in and out (registry.ts, `problem`); doors and adapters have schemas of their own; between agents the types do.
 */
import { z } from 'zod';
import type { MessageEntry, MessageKind } from '../runtime/message.ts';

export interface Definition<T extends string = string, S extends z.ZodType = z.ZodType> extends MessageEntry {
  readonly type: T;
  readonly schema: S;
}

type Options = Partial<Pick<MessageEntry, 'version' | 'reply' | 'control'>>;

function define<K extends MessageKind>(kind: K) {
  return <T extends string, S extends z.ZodRawShape>(type: T, shape: S, options: Options = {}) => {
    const schema = z.object({ type: z.literal(type), at: z.number().optional(), ...shape });
    return { type, kind: kind as K, version: 1, ...options, schema } satisfies Definition<T, typeof schema>;
  };
}

export const command = define('command');
export const query = define('query');
export const fact = define('fact');
export const reply = define('reply');
export const market = define('market');
export const answer = define('answer');
