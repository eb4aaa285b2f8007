/** All messages by type, with upcasters for older payload versions. A type stands here once, or the registry refuses to load. */

import type { z } from 'zod';
import { RUNTIME_MESSAGES } from '../runtime/lifecycle.ts';
import type { Message, MessageCatalog, MessageEntry } from '../runtime/message.ts';
import { accountMessages } from './account.ts';
import { approvalMessages } from './approval.ts';
import type { Definition } from './define.ts';
import { gateMessages } from './gate.ts';
import { haltMessages } from './halt.ts';
import { keyMessages } from './key.ts';
import { limitsMessages } from './limits.ts';
import { liveMessages } from './live.ts';
import { marketMessages } from './market.ts';
import { orderMessages } from './order.ts';
import { quotaMessages } from './quota.ts';
import { reconciliationMessages } from './reconciliation.ts';
import { runMessages } from './run.ts';
import { traderMessages } from './trader.ts';

const ALL = [
  ...orderMessages,
  ...gateMessages,
  ...traderMessages,
  ...haltMessages,
  ...approvalMessages,
  ...quotaMessages,
  ...marketMessages,
  ...accountMessages,
  ...limitsMessages,
  ...keyMessages,
  ...reconciliationMessages,
  ...runMessages,
  ...liveMessages,
];
export const DEFINITIONS: readonly Definition[] = ALL;
export type MessageType = (typeof ALL)[number]['type'];
type FactDefinition = Extract<(typeof ALL)[number], { readonly kind: 'fact' }>;
export type FactType = FactDefinition['type'];
/** What is recorded, by type. */
export type FactsByType = { readonly [D in FactDefinition as D['type']]: z.infer<D['schema']> };

const schemas = new Map(DEFINITIONS.map(({ type, schema }) => [type, schema]));
const entries = new Map<string, MessageEntry>();
for (const entry of [...RUNTIME_MESSAGES, ...DEFINITIONS]) {
  if (entries.has(entry.type)) throw new Error(`message type ${entry.type} is defined twice`);
  entries.set(entry.type, entry);
}

/** `type@version` → brings a payload of that version to the next one. */
const UPCASTERS: Readonly<Record<string, (payload: Message) => Message>> = {};

export const catalog: MessageCatalog = {
  entry(type) {
    const entry = entries.get(type);
    if (!entry) throw new Error(`unknown message type ${type}`);
    return entry;
  },
  upcast(type, version, payload) {
    const { version: present } = catalog.entry(type);
    if (version > present) throw new Error(`record of ${type} has version ${version}, this build knows ${present}`);
    let message = payload;
    for (let step = version; step < present; step += 1) {
      const upcaster = UPCASTERS[`${type}@${step}`];
      if (!upcaster) throw new Error(`no upcaster for ${type} from version ${step}`);
      message = upcaster(message);
    }
    return message;
  },
  problem(message) {
    const { error } = schemas.get(message.type)?.safeParse(message) ?? {};
    const [issue] = error?.issues ?? [];
    return issue && `${issue.path.join('.')}: ${issue.message}`;
  },
};

/** For simulated worlds: no fact is recorded unchecked. */
export const strictCatalog: MessageCatalog = { ...catalog, checksEachFact: true };
