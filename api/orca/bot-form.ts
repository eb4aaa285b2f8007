/** What a bot is asked for, and how it is shown. */
import { z } from '@hono/zod-openapi';
import { lastTradeDay, parseContract } from '../../domain/instruments/contracts.ts';
import { dayText, localTime } from '../../domain/sessions/zone.ts';
import { accountNamed } from '../../projections/account-names.ts';
import type { AccountRow } from '../../projections/rows.ts';
import type { ApiCall } from '../kit/call.ts';
import { holdsAccount } from '../kit/caller.ts';
import { checkQuoted } from '../kit/entry-notices.ts';
import type { House } from '../kit/house.ts';
import { invalid, notOffered } from '../kit/problem.ts';
import { wholeNumber } from '../kit/validate.ts';
import { namedAccount } from './accounts.ts';
import { contract, notes, side, symbolOf, text } from './max-form.ts';

const ACCOUNTS_MAX = 20;
const QUANTITY_MAX = 100;
const MAIN_ACCOUNT = 'APEX_136189';

const accountEntry = z.union([
  text,
  z
    .object({ tv_id: text.optional(), ta_id: text.optional() })
    .refine(({ tv_id, ta_id }) => tv_id ?? ta_id, 'names none'),
]);
type AccountEntry = z.output<typeof accountEntry>;

/** A JSON array of names, or of `{tv_id, ta_id}`. */
const accountEntries = z
  .string()
  .max(10_000)
  .transform((written, context): AccountEntry[] => {
    try {
      return z.array(accountEntry).min(1).max(ACCOUNTS_MAX).parse(JSON.parse(written));
    } catch {
      const message = `Must be a JSON array of 1 to ${ACCOUNTS_MAX} accounts, each {"tv_id", "ta_id"}`;
      context.issues.push({ code: 'custom', message, input: written });
      return z.NEVER;
    }
  })
  .optional()
  .openapi({ type: 'string' });

const quantity = wholeNumber(1, QUANTITY_MAX)
  .default(1)
  .openapi({ type: 'integer', minimum: 1, maximum: QUANTITY_MAX, default: 1 });

export const botFields = z.object({
  accountName: text.default(MAIN_ACCOUNT),
  contract,
  maxMode: text.optional(),
  trading_mode: text.optional(),
  trading_side: side,
  point_strategy_key: text.default('15_7_5_2'),
  exit_strategy_key: text.default('15_15'),
  quantity,
  environment: z.enum(['DEMO', 'LIVE']),
  accounts_ids: accountEntries,
  notes,
});
export type BotFields = z.output<typeof botFields>;

export const botConfig = z.object({
  accountName: z.string(),
  contract: z.string(),
  trading_mode: z.string(),
  trading_side: z.string(),
  point_strategy_key: z.string(),
  exit_strategy_key: z.string(),
  quantity: z.number(),
  environment: z.string(),
  accounts_ids: z.array(z.string()),
  notes: z.string().optional(),
});
export type BotConfig = z.infer<typeof botConfig>;
const botStatus = z.enum(['running', 'stopped']);
export const stoppedBot = z
  .object({ status: botStatus, bot_id: z.string(), config: botConfig, message: z.string() })
  .openapi('OrcaBotStopped');
/** `notices`: what will keep its entries waiting, or out, and who else trades there. */
export const startedBot = stoppedBot.extend({ notices: z.array(z.string()) }).openapi('OrcaBotStarted');
export const bot = z
  .object({
    bot_id: z.string(),
    status: botStatus,
    config: botConfig,
    created_at: z.iso.datetime(),
    executions: z.array(z.object({ account_id: z.string(), execution_id: z.int().nullable(), status: z.string() })),
  })
  .openapi('OrcaBot');

/** By the venue's id, else by the name: only one of them has to be known here. */
function accountOf(call: ApiCall, entry: AccountEntry): AccountRow {
  if (typeof entry === 'string') return namedAccount(call, entry);
  const names = [entry.tv_id, entry.ta_id].filter((name) => name !== undefined);
  const [known] = names.flatMap((name) => accountNamed(call.house.read.accounts(), name) ?? []);
  return known && holdsAccount(call.caller, known) ? known : namedAccount(call, names[0] ?? '');
}

export function accountsOf(call: ApiCall, { accounts_ids: entries, accountName }: BotFields): readonly AccountRow[] {
  const accounts = entries ? entries.map((entry) => accountOf(call, entry)) : [namedAccount(call, accountName)];
  if (new Set(accounts.map(({ id }) => id)).size < accounts.length)
    throw invalid([{ field: 'accounts_ids', message: 'Names an account twice' }]);
  return accounts;
}

/** Which signals are followed: what the mode and the side both allow. */
export function sideOf(mode: z.output<typeof side>, tradingSide: z.output<typeof side>): z.output<typeof side> {
  if (mode === 'both' || tradingSide === mode) return tradingSide;
  if (tradingSide === 'both') return mode;
  throw invalid([{ field: 'trading_side', message: `Leaves nothing of the mode ${mode}` }]);
}

/** A bot trades in its environment or not at all: LIVE never where fills are invented, DEMO never for real money. */
export function checkEnvironment({ health }: Pick<House, 'health'>, { environment }: BotFields): void {
  const broker = health().providers.find(({ serves, simulated }) => serves === 'orders' && !simulated);
  if (environment === 'LIVE' && !broker) throw notOffered('No broker is configured for LIVE; use DEMO');
  if (environment === 'DEMO' && broker)
    throw notOffered(`Orders of this house go to ${broker.name} for real money; DEMO is not possible, use LIVE`);
}

/**
 * The instrument's symbol, if there are quotes of it: a bot without any would run and do nothing, unseen. A contract that is over is refused by
 * that name, unless it is quoted: a replayed market has its own time.
 */
export function tradedSymbolOf(house: Pick<House, 'clock' | 'latestQuote'>, spelling: string): string {
  const symbol = symbolOf(spelling);
  const dated = house.latestQuote(symbol) ? undefined : parseContract(symbol);
  const now = house.clock.wallNow();
  const last = dated ? lastTradeDay(dated, now) : Infinity;
  if (dated && localTime('America/Chicago', now).day > last) {
    const message = `${symbol} was last traded on ${dayText(last)}; use ${dated.root} or a later contract`;
    throw invalid([{ field: 'contract', message }]);
  }
  checkQuoted(house, symbol, 'a bot');
  return symbol;
}
