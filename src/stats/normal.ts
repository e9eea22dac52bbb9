/**
 * The probability that a standard normal value lies at least as far from 0 as `z`: the two-sided p-value of a z-score.
 *
 * The relative error stays below 1e-12, also far out in the tails.
 */
export function twoSidedNormalPValue(z: number): number {
  return complementaryError(Math.abs(z) / Math.SQRT2);
}

/** erfc(x) for x >= 0: below 2 by the power series of erf, above by Laplace's continued fraction. */
function complementaryError(x: number): number {
  return x < 2 ? 1 - errorBySeries(x) : complementaryErrorByFraction(x);
}

/** erf(x) = 2/sqrt(pi) exp(-x^2) sum over n of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)): all terms are positive. */
function errorBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = exp(-x^2)/sqrt(pi) / (x + 1/2 / (x + 2/2 / (x + 3/2 / ...))); 80 levels are exact to the last bits from x = 2. */
function complementaryErrorByFraction(x: number): number {
  let fraction = x;
  for (let level = 80; level >= 1; level -= 1) fraction = x + level / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
