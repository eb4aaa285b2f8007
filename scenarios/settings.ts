/** The product's settings in a simulated world: the development profile's, without rate limits, and without accounts and an auto-trader unless asked. */
import type { ProductSettings } from '../system/ports.ts';
import { productSettings } from '../system/product-settings.ts';
import { readSettings } from '../system/settings.ts';

export function simulatedSettings(overrides: Partial<ProductSettings> = {}): ProductSettings {
  const { accounts, autoTrader, ...settings } = productSettings(readSettings({ RATE_LIMITS: 'off' }));
  return { ...settings, ...overrides };
}
