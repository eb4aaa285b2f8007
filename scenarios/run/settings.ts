/** The product's settings in a scenario: those of every simulated world, with the file's people, limits and switches. */
import type { AccountTerms } from '../../messages/account.ts';
import { tradingLimits } from '../../messages/limits.ts';
import type { ProductSettings } from '../../system/ports.ts';
import type { WorldPart } from '../file/world-part.ts';
import { developmentProfile, simulatedSettings } from '../settings.ts';
import { clientsOf, DEVELOPMENT_USER } from './cast.ts';
import { limitsWith } from './limits.ts';

const termsOf = (accounts: WorldPart['accounts']): readonly AccountTerms[] =>
  Object.entries(accounts).map(([accountId, { owner, title, venueId, ...terms }]) => ({
    ...{ accountId, userId: owner ?? DEVELOPMENT_USER, name: title ?? accountId, venueId: venueId ?? accountId },
    ...{ currency: 'USD', ...terms },
  }));

export function settingsOf({ people, accounts, limits, settings, instruments }: WorldPart): ProductSettings {
  const base = simulatedSettings();
  const { fourEyes, rateLimits, autoTrader, demoAccounts, autonomousThreshold, quotaDailyTrades, quotaDailyVolume } =
    settings;
  const profile = demoAccounts || autoTrader ? developmentProfile() : undefined;
  const house = autoTrader ? profile?.autoTrader : undefined;
  const opened = [...((demoAccounts && profile?.accounts) || []), ...termsOf(accounts)];
  return {
    ...base,
    api: {
      ...base.api,
      clients: [...base.api.clients, ...clientsOf(people)],
      ...(fourEyes !== undefined && { fourEyes }),
      ...(rateLimits !== undefined && { rateLimits }),
    },
    ...(limits && { limits: tradingLimits.parse(limitsWith(limits)) }),
    ...(autonomousThreshold !== undefined && { autonomousThreshold }),
    ...(quotaDailyTrades !== undefined && { quotaDailyTrades }),
    ...(quotaDailyVolume !== undefined && { quotaDailyVolume }),
    ...(opened.length > 0 && { accounts: opened }),
    ...(house && { autoTrader: { ...house, symbols: instruments } }),
  };
}
