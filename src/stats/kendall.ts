import { UserError } from "../errors";

/**
 * Kendall's tau-b between two vectors, from -1 (opposite order) to 1 (same order), with its two-sided p-value.
 *
 * Ties lower the largest possible value as in tau-b. The p-value is that of SciPy's
 * `kendalltau(method="auto")`: exact where neither vector has ties and either n <= 33 or at most one pair is
 * discordant (or concordant), else by the normal approximation with its correction for ties. The paper's tau_g and
 * tau_loo (Algorithm 1).
 *
 * A vector that is constant, holds NaN or an infinity, or has fewer than two values has no order to compare: there is
 * then no value, which is not 0, and why.
 *
 * @throws UserError when the vectors differ in length
 */
export function kendallTau(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { value: number | undefined; p: number | undefined; undefinedBecause: string } {
  const size = x.length;
  if (size !== y.length) {
    throw new UserError(
      `Kendall's tau compares two vectors of the same length, but ${size} and ${y.length} values came.`,
    );
  }
  const none = (undefinedBecause: string) => ({ value: undefined, p: undefined, undefinedBecause });
  if (size < 2) return none("fewer than two values");
  const [first, second] = [new Float64Array(x), new Float64Array(y)];
  if (![first, second].every((values) => values.every(Number.isFinite))) return none("not finite");
  const { pairs, score, discordant, xSums, ySums } = comparePairs(first, second);
  if (xSums.pairs === pairs) return none("first vector is constant");
  if (ySums.pairs === pairs) return none("second vector is constant");
  const tau = score / Math.sqrt(pairs - xSums.pairs) / Math.sqrt(pairs - ySums.pairs);
  const untied = xSums.pairs === 0 && ySums.pairs === 0;
  const fewer = Math.min(discordant, pairs - discordant);
  const exact = untied && (size <= largestExactSize || fewer <= 1);
  const p = exact ? exactPValue(size, fewer) : asymptoticPValue(size, score, xSums, ySums);
  return { value: Math.max(-1, Math.min(1, tau)), p, undefinedBecause: "" };
}

/** How many pairs of places two vectors order: `score` is how many alike less how many, `discordant`, differently. */
export function comparePairs(x: ArrayLike<number>, y: ArrayLike<number>) {
  const order = Array.from(x, (_, place) => place).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const xSums = tieSums(order, (a, b) => x[a] === x[b]);
  const jointPairs = tieSums(order, (a, b) => x[a] === x[b] && y[a] === y[b]).pairs;
  const [ordered, discordant] = sortCounting(order.map((place) => y[place]!));
  const ySums = tieSums(ordered, (a, b) => a === b);
  const pairs = (x.length * (x.length - 1)) / 2;
  const score = pairs - xSums.pairs - ySums.pairs + jointPairs - 2 * discordant;
  return { pairs, score, discordant, xSums, ySums };
}

type TieSums = ReturnType<typeof tieSums>;

/**
 * Sums over the groups of t equal values: pairs t(t-1)/2, triples t(t-1)(t-2), spread t(t-1)(2t+5). Needs the items in
 * their order: equal ones stand side by side.
 */
function tieSums(items: ArrayLike<number>, areEqual: (item: number, other: number) => boolean) {
  const sums = { pairs: 0, triples: 0, spread: 0 };
  for (let start = 0, end = 0; start < items.length; start = end) {
    while (end < items.length && areEqual(items[start]!, items[end]!)) end += 1;
    const ties = end - start;
    const ordered = ties * (ties - 1);
    sums.pairs += ordered / 2;
    sums.triples += ordered * (ties - 2);
    sums.spread += ordered * (2 * ties + 5);
  }
  return sums;
}

/** The values in their order, and how many pairs stood the wrong way round: each is put in its place among those before it. */
function sortCounting(values: readonly number[]): [sorted: Float64Array, inversions: number] {
  const sorted = new Float64Array(values.length);
  let inversions = 0;
  for (let count = 0; count < values.length; count += 1) {
    const value = values[count]!;
    let place = 0;
    let end = count;
    while (place < end) {
      const middle = (place + end) >> 1;
      if (sorted[middle]! <= value) place = middle + 1;
      else end = middle;
    }
    sorted.copyWithin(place + 1, place, count);
    sorted[place] = value;
    inversions += count - place;
  }
  return [sorted, inversions];
}

/** The longest vectors without ties whose p-value is always exact, as in SciPy. */
export const largestExactSize = 33;
const exactTables: Float64Array[] = [];

/** The two-sided p-value of an untied order with `fewer` discordant (or concordant) pairs, whichever are fewer. */
function exactPValue(size: number, fewer: number): number {
  if (size <= largestExactSize) return exactPValues(size)[fewer]!;
  const permutations = fewer === 0 ? size : size - 1;
  let pValue = 2;
  for (let factor = 2; factor <= permutations; factor += 1) pValue /= factor;
  return pValue;
}

/**
 * Two-sided p-values of orders without ties by their number of discordant pairs, from the distribution of inversions in
 * a random permutation: the value at place n adds 0 to n-1 inversions, each equally likely (Kendall 1970).
 */
export function exactPValues(size: number): Float64Array {
  const known = exactTables[size];
  if (known !== undefined) return known;
  let probabilities = [1];
  for (let place = 2; place <= size; place += 1) {
    const wider = new Array<number>(probabilities.length + place - 1).fill(0);
    probabilities.forEach((probability, inversions) => {
      for (let added = 0; added < place; added += 1) wider[inversions + added]! += probability / place;
    });
    probabilities = wider;
  }
  let tail = 0;
  const table = Float64Array.from(probabilities, (probability) => {
    tail += probability;
    return Math.min(1, 2 * tail);
  });
  exactTables[size] = table;
  return table;
}

function asymptoticPValue(size: number, score: number, x: TieSums, y: TieSums): number {
  const ordered = size * (size - 1);
  const variance =
    (ordered * (2 * size + 5) - x.spread - y.spread) / 18 +
    (2 * x.pairs * y.pairs) / ordered +
    (x.triples * y.triples) / (9 * ordered * (size - 2));
  return twoSidedNormalPValue(score / Math.sqrt(variance));
}

/**
 * The probability that a standard normal value lies at least as far from 0 as `z`, which is erfc(|z| / √2): the two-sided
 * p-value of a z-score. The relative error stays below 1e-12, also far out in the tails.
 */
export function twoSidedNormalPValue(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x >= 2) {
    // Laplace's continued fraction, x + 1/2 / (x + 2/2 / (x + …)): 80 levels are exact to the last bits from here on.
    let fraction = x;
    for (let level = 80; level >= 1; level -= 1) fraction = x + level / 2 / fraction;
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }
  // The power series of erf, the sum of 2^n x^(2n+1) / (1 · 3 · … · (2n+1)): all terms are positive.
  let [term, sum] = [x, x];
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
