/** Rounds what a run reckons of money in floats, at one place. */

const MICRO = 1e6;

/** Float sums of money as the decimal they mean: what is lost in the last digit a million times over would show. */
export const asMoney = (amount: number): number => Math.round(amount * MICRO) / MICRO + 0;
