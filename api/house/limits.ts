/**
 * The trading limits: read and changed as one versioned set. A change names its author and reason; one made from an outdated version changes
 * nothing. With four eyes nobody loosens the limits of his own trading.
 */
import { z } from '@hono/zod-openapi';
import { findInstrument, INSTRUMENTS } from '../../domain/instrument.ts';
import { type LimitsAnswered, type LimitsSet, type TradingLimits, tradingLimits } from '../../messages/limits.ts';
import type { ApiCall } from '../kit/call.ts';
import { checkLoosening, LIMITS_QUESTION } from '../kit/own-limits.ts';
import { Problem } from '../kit/problem.ts';
import { type Route, route } from '../kit/route.ts';
import { hasFewDecimals, tooManyDecimals } from '../kit/validate.ts';
import { ADMINS, common, OPERATORS } from './surface.ts';

const REASON_MAX = 2_000;

const limitsSchema = z
  .object({
    version: z.number().int().openapi({ description: '0: nobody has ever set any; nothing is allowed' }),
    limits: tradingLimits.nullable(),
  })
  .openapi('Limits');

const DECIMAL = /^\d+\.\d+$/;
const CLASS = 'class:';
const CLASSES = new Set(INSTRUMENTS.map(({ assetClass }) => `${CLASS}${assetClass}`));

/** Why limits under this name would hold for nobody. */
function unheld(name: string): string | undefined {
  if (name.startsWith(CLASS)) return CLASSES.has(name) ? undefined : `There are ${[...CLASSES].sort().join(', ')}`;
  const instrument = findInstrument(name);
  if (!instrument) return 'Is no instrument of the house';
  return instrument.symbol === name ? undefined : `Is called ${instrument.symbol} here`;
}

/** As precise as the orders that are held to them, and for what there is. What is recorded may be older than these rules. */
const newLimits = tradingLimits.superRefine(({ instruments, accounts }, context) => {
  const named = [
    ...Object.keys(instruments).map((name) => [name, ['instruments', name]] as const),
    ...Object.entries(accounts).flatMap(([id, account]) =>
      (account.instruments ?? []).map((name, at) => [name, ['accounts', id, 'instruments', at]] as const),
    ),
  ];
  for (const [name, path] of named) {
    const message = unheld(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message, path: [...path] });
  }
  for (const [part, sets] of Object.entries({ instruments, accounts }))
    for (const [key, limits] of Object.entries(sets))
      for (const [name, value] of Object.entries(limits))
        if (typeof value === 'string' && DECIMAL.test(value) && !hasFewDecimals(value))
          context.addIssue({ code: 'custom', message: tooManyDecimals('A limit'), path: [part, key, name] });
});

const changeSchema = z
  .strictObject({
    limits: newLimits,
    reason: z.string().trim().min(1, 'A reason is required').max(REASON_MAX),
    expectedVersion: z.number().int().min(0).optional(),
  })
  .openapi('ChangeLimits');

const TRADERS_A_PAGE = 100;

/** Where the caller's own traders trade, or wind down what they hold. */
async function ownAccounts({ caller, house }: ApiCall): Promise<ReadonlySet<string>> {
  const accountIds = new Set<string>();
  for (let page = 1; ; page += 1) {
    const filter = { userId: caller.sub, status: ['active', 'winding-down'] } as const;
    const { rows, total } = await house.read.traders(filter, { page, limit: TRADERS_A_PAGE });
    for (const { accountId } of rows) accountIds.add(accountId);
    if (page * TRADERS_A_PAGE >= total) return accountIds;
  }
}

/** The version that the change was looked at with; undefined where nobody has to look. */
async function checkedVersion(call: ApiCall, limits: TradingLimits): Promise<number | undefined> {
  if (!call.house.settings.fourEyes) return undefined;
  const accountIds = await ownAccounts(call);
  if (accountIds.size === 0) return undefined;
  const now = await call.ask<LimitsAnswered>(LIMITS_QUESTION);
  checkLoosening(now.limits, limits, accountIds);
  return now.version;
}

const outdated = (version: number, expected: number | undefined): Problem =>
  new Problem('conflict', `The limits have version ${version} now, not ${expected}`, { details: { version } });

const bodyOf = ({ version, limits }: LimitsAnswered) => ({ version, limits });
const path = '/api/v1/house/limits';

export const limitsRoutes: readonly Route[] = [
  route({
    ...common,
    method: 'GET',
    path,
    policy: OPERATORS,
    summary: 'The trading limits in force',
    responses: { 200: limitsSchema },
  })(async (call) => ({ status: 200, body: bodyOf(await call.ask<LimitsAnswered>(LIMITS_QUESTION)) })),
  route({
    ...common,
    method: 'PUT',
    path,
    policy: ADMINS,
    summary: 'Replaces the trading limits; who and why is recorded',
    body: changeSchema,
    responses: { 200: limitsSchema },
    refusals: [409],
  })(async (call) => {
    const { limits, reason } = call.body;
    const checked = await checkedVersion(call, limits);
    const { expectedVersion = checked } = call.body;
    if (checked !== undefined && checked !== expectedVersion) throw outdated(checked, expectedVersion);
    const change: LimitsSet = {
      type: 'limits.set',
      limits,
      reason,
      by: call.caller.sub,
      ...(expectedVersion !== undefined && { expectedVersion }),
    };
    const answer = await call.ask<LimitsAnswered>(change);
    if (answer.outcome === 'conflict') throw outdated(answer.version, expectedVersion);
    return { status: 200, body: bodyOf(answer) };
  }),
];
