import { requireNumber } from "../errors";
import { type Decoder, decode, type LinearDecoder, sigmoid } from "../model/decoder";
import { totalVariation } from "../stats/divergence";
import { createRandom, type Random } from "../stats/random";
import { mean, quantile } from "../stats/summary";

export interface PermutationOptions {
  /** Default 100, the paper's. */
  permutations?: number;
  /** What the permutations are drawn from; the same seed gives the same ones. */
  seed: number | string;
}

/** How far the output moves when the same attention weights stand at other words. */
export interface PermutationResult {
  /** Median over the permutations of the total variation to the model's own output, from 0 to 1; the paper's Δŷ. */
  medianTvd: number;
  meanTvd: number;
}

/**
 * Permutes a text's attention over its words, the states held fixed, and decodes again (paper, Algorithm 2).
 *
 * @param attention the model's own, one weight per word
 */
export function permuteAttention(
  decoder: Decoder,
  attention: readonly number[],
  { permutations = 100, seed }: PermutationOptions,
): PermutationResult {
  requireNumber("permutations", permutations, { from: 1, integer: true });
  const random = createRandom(seed);
  const changes =
    decoder.kind === "linear"
      ? changesOfLogit(decoder, attention, permutations, random)
      : changesOfOutput(decoder, attention, permutations, random);
  return { medianTvd: quantile(changes, 0.5), meanTvd: mean(changes) };
}

/** A classifier's output depends on Σ a_t s_t alone, so a permutation costs one pass over the words. */
function changesOfLogit(
  { contributions, bias }: LinearDecoder,
  attention: readonly number[],
  count: number,
  random: Random,
): Float64Array {
  const weights = Float64Array.from(attention);
  const own = sigmoid(logitOf(contributions, weights, bias));
  const changes = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    shuffleInPlace(weights, random);
    changes[index] = Math.abs(sigmoid(logitOf(contributions, weights, bias)) - own);
  }
  return changes;
}

function logitOf(contributions: Float32Array, weights: Float64Array, bias: number): number {
  let logit = bias;
  for (let t = 0; t < weights.length; t++) logit += weights[t]! * contributions[t]!;
  return logit;
}

function changesOfOutput(decoder: Decoder, attention: readonly number[], count: number, random: Random) {
  const weights = Float64Array.from(attention);
  const own = decode(decoder, weights);
  return Float64Array.from({ length: count }, () => {
    shuffleInPlace(weights, random);
    return totalVariation(decode(decoder, weights), own);
  });
}

/** Each order equally likely (Fisher & Yates). */
function shuffleInPlace(values: Float64Array, random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const value = values[last]!;
    values[last] = values[other]!;
    values[other] = value;
  }
}
