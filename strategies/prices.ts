/** Sums of float prices as the decimal they mean: 1.08 + 0.0025 is 1.0825, so that "at or above" holds at the very price. */

/** More decimals than any instrument quotes, few enough that a price of millions stays exact. */
const SCALE = 1e8;

/** Never -0. */
export const asPrice = (sum: number): number => Math.round(sum * SCALE) / SCALE + 0;

/** Far below a tick of anything, far above the error of a difference of two prices. */
export const PRICE_TOLERANCE = 1e-9;
