import { requireNumber } from "../../errors";
import { type Decoder, decode, type LinearDecoder, sigmoid } from "../../model/decoder";
import { totalVariation } from "../../stats/divergence";
import { createRandom, type Random } from "../../stats/random";
import { mean, quantile } from "../../stats/summary";

export interface PermutationOptions {
  /** Default 100, the paper's. */
  permutations?: number;
  /** What the permutations are drawn from: texts of equal length have the same ones. */
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
  const orders = ordersOf(attention.length, permutations, seed);
  const changes =
    decoder.kind === "linear"
      ? changesOfLogit(decoder, attention, orders)
      : changesOfOutput(decoder, attention, orders);
  return { medianTvd: quantile(changes, 0.5), meanTvd: mean(changes) };
}

/**
 * The attentions that {@link permuteAttention} draws for the same options, one after another: the same weights at other
 * words.
 */
export function permutedAttentions(
  attention: readonly number[],
  { permutations = 100, seed }: PermutationOptions,
): number[][] {
  requireNumber("permutations", permutations, { from: 1, integer: true });
  const words = attention.length;
  const orders = ordersOf(words, permutations, seed);
  return Array.from({ length: permutations }, (_, p) => attention.map((_, t) => attention[orders[p * words + t]!]!));
}

/** Orders of the words, one after another: place t of order p has word orders[p * words + t]. */
type Orders = Uint32Array;

/** Orders that were drawn, by seed, words and count; dropped when they would hold more numbers than this. */
const drawn = new Map<string, Orders>();
const numbersKept = 4_000_000;
let numbersDrawn = 0;

/** Random orders of so many words, the same ones for the same seed. */
function ordersOf(words: number, count: number, seed: number | string): Orders {
  const key = JSON.stringify([seed, words, count]);
  const known = drawn.get(key);
  if (known) return known;
  if (numbersDrawn + words * count > numbersKept) {
    drawn.clear();
    numbersDrawn = 0;
  }
  const orders = drawOrders(words, count, createRandom(key));
  drawn.set(key, orders);
  numbersDrawn += orders.length;
  return orders;
}

/** Each order equally likely (Fisher & Yates). */
function drawOrders(words: number, count: number, random: Random): Orders {
  const orders = new Uint32Array(words * count);
  for (let from = 0; from < orders.length; from += words) {
    for (let t = 0; t < words; t++) {
      const other = Math.floor(random.uniform() * (t + 1));
      orders[from + t] = orders[from + other]!;
      orders[from + other] = t;
    }
  }
  return orders;
}

/** A classifier's output depends on Σ a_t s_t alone, so a permutation costs one pass over the words. */
function changesOfLogit(
  { contributions, bias }: LinearDecoder,
  attention: readonly number[],
  orders: Orders,
): Float64Array {
  const weights = Float64Array.from(attention);
  const words = weights.length;
  let logit = bias;
  for (let t = 0; t < words; t++) logit += weights[t]! * contributions[t]!;
  const own = sigmoid(logit);
  const changes = new Float64Array(orders.length / words);
  for (let p = 0; p < changes.length; p++) {
    logit = bias;
    for (let t = 0; t < words; t++) logit += weights[orders[p * words + t]!]! * contributions[t]!;
    changes[p] = Math.abs(sigmoid(logit) - own);
  }
  return changes;
}

function changesOfOutput(decoder: Decoder, attention: readonly number[], orders: Orders): Float64Array {
  const words = attention.length;
  const own = decode(decoder, attention);
  const permuted = new Float64Array(words);
  return Float64Array.from({ length: orders.length / words }, (_, p) => {
    for (let t = 0; t < words; t++) permuted[t] = attention[orders[p * words + t]!]!;
    return totalVariation(decode(decoder, permuted), own);
  });
}
