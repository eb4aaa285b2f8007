/** Settings under which a figure measures work and not limits: every gate is asked and counts, none of its bounds is reached. */
import type { Log } from '../../runtime/ports.ts';
import type { ProductSettings } from '../../system/ports.ts';
import { productSettings } from '../../system/product-settings.ts';
import { readSettings } from '../../system/settings.ts';

/** Of the environment: far above what a figure can order. */
export const GENEROUS = {
  RATE_LIMITS: 'off',
  QUOTA_DAILY_TRADES: '1000000',
  QUOTA_DAILY_VOLUME: '1000000000',
} as const;

const RATE = { max: 1_000_000, windowMs: 1_000 } as const;

/** For a product in this process; nobody but the figure trades there. */
export function unlimitedSettings(): ProductSettings {
  const { autoTrader, ...settings } = productSettings(readSettings(GENEROUS));
  if (!settings.limits) throw new Error('Invariant: the development profile has limits');
  return { ...settings, limits: { ...settings.limits, orderRate: RATE, duplicate: { max: 1_000_000, windowMs: 1 } } };
}

const complain = (event: string, fields?: unknown) => console.error(event, fields);
export const quietLog: Log = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };
