/** The world of a scenario: when it begins, what is traded, who is there, what is allowed. */
import { z } from 'zod';
import { accountTerms } from '../../messages/account.ts';
import { decimalText } from '../../messages/common.ts';
import { tradingLimits } from '../../messages/limits.ts';
import type { ProductPorts, ProductSettings } from '../../system/ports.ts';
import { line, word } from './fields.ts';

type Role = ProductSettings['api']['clients'][number]['roles'][number];
const ROLES = ['viewer', 'trader', 'supervisor', 'admin', 'service'] as const satisfies readonly Role[];
const IDEMPOTENCY = [
  'clientOrderId',
  'lookup',
  'none',
] as const satisfies readonly ProductPorts['venue']['idempotency'][];
const DEFAULT_INSTRUMENTS = ['AAPL', 'NVDA', 'MSFT', 'EURUSD', 'BTCUSD'] as const;
/** Those of a file that names none. */
export type DefaultInstrument = (typeof DEFAULT_INSTRUMENTS)[number];

const personSchema = z.strictObject({
  roles: z.array(z.enum(ROLES)).min(1).default(['trader']),
  accounts: z
    .array(z.string().min(1))
    .default([])
    .describe('Accounts of this world that the token names, by id; `*` for all.'),
});

const traderSchema = z.strictObject({
  owner: word
    .optional()
    .describe('A person of the file; the development user, who may do everything, when nobody is named.'),
  budget: z.number().min(1_000).max(1_000_000).default(100_000),
  strategy: z.enum(['conservative', 'balanced', 'aggressive']).optional(),
  riskTolerance: z.enum(['low', 'medium', 'high']).optional(),
  maxPositionSize: z.number().positive().optional().describe('Of one symbol, in USD.'),
  title: line.optional().describe('As others see it; the name in the file when absent.'),
});

const { name, venue, venueId, pack, leverage } = accountTerms.shape;
const accountSchema = z.strictObject({
  owner: word
    .optional()
    .describe(
      'A person of the file in whose name it stands; the development user when nobody is named. What a token may touch is said by the `accounts` of its person.',
    ),
  deposit: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a plain decimal number, not below zero')
    .default('100000')
    .describe('In account currency.'),
  venue: venue
    .default('house')
    .describe('Where it is known: at a broker of futures, a MetaTrader server, or here alone.'),
  venueId: venueId.optional().describe("The venue's own id; as in this file when absent."),
  pack: pack.default('house').describe('Whose rules it is held to.'),
  leverage: leverage
    .unwrap()
    .positive()
    .nullable()
    .default(null)
    .describe('What the venue lends, as a factor; null where margins say it.'),
  title: name.optional().describe('As others see it; as in this file when absent.'),
});

const ACCOUNT_FORM = 'must be an id of letters, digits, - and _';
const accountId = z.string().regex(/^[\w-]{1,100}$/, ACCOUNT_FORM);

const { instruments, accounts } = tradingLimits.shape;
/** Only what differs from the development profile. An instrument that is not listed there starts from its class. */
export const limitsOverride = tradingLimits.partial().extend({
  instruments: z.record(z.string(), instruments.valueType.partial()).optional(),
  accounts: z.record(z.string(), accounts.valueType.partial()).optional(),
});
export type LimitsOverride = z.infer<typeof limitsOverride>;

export const settingsSchema = z.strictObject({
  autonomousThreshold: decimalText
    .optional()
    .describe('Above this a person decides; decimal text in account currency.'),
  quotaDailyTrades: z.number().int().positive().optional().describe('Orders of a trader a UTC day.'),
  quotaDailyVolume: z.number().positive().optional().describe('Volume of a trader a UTC day, in USD.'),
  fourEyes: z.boolean().optional().describe('Who releases or approves is another one than who asked.'),
  rateLimits: z.boolean().optional().describe('Of the API; off when absent.'),
  demoAccounts: z.boolean().optional().describe('The accounts that the development profile opens.'),
  autoTrader: z.boolean().optional().describe("The house's own auto-trader trades the instruments' signals."),
});

export const worldSchema = z.strictObject({
  start: z.iso
    .datetime('must be a UTC time such as 2026-03-02T14:00:00Z')
    .optional()
    .describe('In UTC; a Monday afternoon of 2026 when absent.'),
  instruments: z
    .array(z.string())
    .min(1)
    .max(50)
    .default([...DEFAULT_INSTRUMENTS])
    .describe('What is quoted.'),
  people: z
    .record(word, personSchema)
    .default({})
    .describe('Who is there, by name: each has a client and a token of its own.'),
  traders: z.record(word, traderSchema).default({}).describe('Made before the first step; `${name.id}` from then on.'),
  accounts: z
    .record(accountId, accountSchema)
    .default({})
    .describe('Opened at the first start, by id: for bots and live runs. A trader has one of its own beside them.'),
  limits: limitsOverride.optional().describe('What differs from the development profile; see CONTROLS.md.'),
  settings: settingsSchema.default({}),
  past: z
    .boolean()
    .default(true)
    .describe(
      'Each start hears of the two hours before it: what was quoted, and what was invented before the world began. Else, and where the market comes from files, it finds an empty market.',
    ),
  idempotency: z
    .enum(IDEMPOTENCY)
    .default('clientOrderId')
    .describe(
      'How the venue knows an order that comes again: by its id; not at all, but it can be looked up; or neither, so that an order whose hand-over is uncertain is never sent again.',
    ),
  workers: z
    .int()
    .min(1)
    .max(8)
    .optional()
    .describe(
      "So many workers run what goes on in the background, behind a queue; the product's own process when absent.",
    ),
});
export type WorldPart = z.output<typeof worldSchema>;
