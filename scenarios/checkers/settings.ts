/** What a product is started with when nobody says otherwise: the development profile. */
import { productSettings } from '../../system/product-settings.ts';
import { readSettings } from '../../system/settings.ts';
import type { CheckedSettings } from './checker.ts';

export const developmentSettings = (): CheckedSettings => productSettings(readSettings({}));
