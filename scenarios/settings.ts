/**
 * The product's settings: those of the development profile, which hold when nobody says otherwise; and those of a simulated world, the
 * same without rate limits, and without accounts and an auto-trader unless asked.
 */
import type { ProductSettings } from '../system/ports.ts';
import { productSettings } from '../system/product-settings.ts';
import { readSettings } from '../system/settings.ts';

export const developmentProfile = (): ProductSettings => productSettings(readSettings({}));

export function simulatedSettings(overrides: Partial<ProductSettings> = {}): ProductSettings {
  const { accounts, autoTrader, ...settings } = productSettings(readSettings({ RATE_LIMITS: 'off' }));
  return { ...settings, ...overrides };
}
