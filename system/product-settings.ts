/** The product's settings from the environment's, by profile. */
import { INSTRUMENTS } from '../domain/instrument.ts';
import { tradingLimits } from '../messages/limits.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import developmentLimits from './limits.development.json' with { type: 'json' };
import type { ProductSettings } from './ports.ts';
import type { Settings } from './settings.ts';

export const VERSION = '0.1.0';
const MINUTE_MS = 60_000;
const AUTO_TRADER_BUDGET = 1_000_000;
/** Small enough that a busy day fits into the daily quotas. */
const AUTO_TRADER_ORDER_MAX = '9000';
/** Five dollars of its budget: of what moves much the risk decides how much is traded, of what hardly moves the order's value. */
const AUTO_TRADER_RISK_RATIO = '0.000005';

export function productSettings(settings: Settings): ProductSettings {
  const { profile, signingKey, previousSigningKey, clients, tokenTtlS, rateLimits, corsOrigins, fourEyes } = settings;
  const isDevelopment = profile === 'development';
  return {
    api: {
      profile,
      clients,
      tokenTtlS,
      rateLimits,
      corsOrigins,
      trustProxy: settings.trustProxy,
      ...(settings.publicUrl !== undefined && { publicUrl: settings.publicUrl }),
      fourEyes,
      issuer: 'pitwall',
      audience: 'pitwall',
      version: VERSION,
      signingKeys: [signingKey, ...(previousSigningKey ? [previousSigningKey] : [])],
    },
    // Production begins without limits: nothing is allowed until a named person has set them.
    limits: isDevelopment ? tradingLimits.parse(developmentLimits.limits) : undefined,
    autonomousThreshold: settings.autonomousThreshold,
    quotaDailyTrades: settings.quotaDailyTrades,
    quotaDailyVolume: Number(settings.quotaDailyVolume),
    reconcileEveryMs: settings.reconcileEveryS * 1_000,
    reconcileCashTolerance: settings.reconcileCashTolerance,
    ...(settings.journalKeepRecords !== undefined && { journalKeepRecords: settings.journalKeepRecords }),
    ...(settings.runsKeepDays !== undefined && { runsKeepDays: settings.runsKeepDays }),
    variance: settings.personalityVariance,
    ...(isDevelopment && {
      accounts: DEMO_ACCOUNTS,
      autoTrader: {
        userId: 'user-123',
        budget: AUTO_TRADER_BUDGET,
        orderValueMax: AUTO_TRADER_ORDER_MAX,
        riskRatio: AUTO_TRADER_RISK_RATIO,
        symbols: INSTRUMENTS.map(({ symbol }) => symbol),
      },
    }),
    timeframesMs: [MINUTE_MS],
  };
}
