/** The product's settings in a scenario: those of every simulated world, with the file's people, limits and switches. */
import { tradingLimits } from '../../messages/limits.ts';
import type { ProductSettings } from '../../system/ports.ts';
import type { WorldPart } from '../file/world-part.ts';
import { developmentProfile, simulatedSettings } from '../settings.ts';
import { clientsOf } from './cast.ts';
import { limitsWith } from './limits.ts';

export function settingsOf({ people, limits, settings, instruments }: WorldPart): ProductSettings {
  const base = simulatedSettings();
  const { fourEyes, rateLimits, autoTrader, demoAccounts, autonomousThreshold, quotaDailyTrades, quotaDailyVolume } =
    settings;
  const profile = demoAccounts || autoTrader ? developmentProfile() : undefined;
  const house = autoTrader ? profile?.autoTrader : undefined;
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
    ...(demoAccounts && profile?.accounts && { accounts: profile.accounts }),
    ...(house && { autoTrader: { ...house, symbols: instruments } }),
  };
}
