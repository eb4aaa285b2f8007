/** The standard normal distribution, as far as figures need it. */

/** P(Z <= z), to 1.2e-7: W. J. Cody's erfc by Chebyshev fitting as in Press et al., Numerical Recipes, 6.2. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const tail = CHEBYSHEV.reduceRight((value, coefficient) => value * t + coefficient, 0);
  const erfc = t * Math.exp(-x * x + tail);
  return z >= 0 ? 1 - erfc / 2 : erfc / 2;
}

const CHEBYSHEV = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** The 5 % and the 1 % quantile. */
export const NORMAL_5_PERCENT = -1.6448536269514722;
export const NORMAL_1_PERCENT = -2.3263478740408408;
