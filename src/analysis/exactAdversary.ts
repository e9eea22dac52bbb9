import { requireNumber } from "../errors";
import { type LinearDecoder, sigmoid } from "../model/decoder";

/** The attention that is furthest from the model's own among all that keep the output. */
export interface ExactAdversary {
  epsilon: number;
  /** The global ε-max JSD, in nats, from 0 to ln 2. */
  jsd: number;
  /** Its words and their weights: one or two, as the maximum is at a vertex; empty where only the own attention keeps the output. */
  support: { word: number; weight: number }[];
  /** |ŷ(x, α̃) - ŷ(x, α̂)|, at most ε. */
  outputChange: number;
}

/**
 * The global ε-max JSD of a classifier, which the paper's search (its Algorithm 3) gives a lower bound of.
 *
 * The attentions within ε of the output are the simplex cut by a slab lo ≤ Σ a_t s_t ≤ hi. The Jensen-Shannon divergence
 * to the own attention is convex, so it is largest at a vertex of that polytope, and every vertex has at most two words:
 * a word with lo ≤ s_t ≤ hi alone, or two words between which the bound is met. All pairs cost O(words²).
 *
 * @param attention the model's own, one weight per word, summing to 1
 * @returns one result for each epsilon, in their order
 */
export function exactAdversary(
  { contributions, bias }: LinearDecoder,
  attention: readonly number[],
  epsilons: readonly number[],
): ExactAdversary[] {
  for (const epsilon of epsilons) requireNumber("epsilon", epsilon, { from: 0, to: 1 });
  const own = attention.reduce((sum, weight, t) => sum + weight * contributions[t]!, 0);
  const output = sigmoid(own + bias);
  const share = weightsThatCount(attention);
  return epsilons.map((epsilon) => {
    const bounds = slab(own, output, bias, epsilon);
    const vertex = bestVertex(contributions, attention, share, bounds);
    const outputChange = Math.abs(sigmoid(scoreOf(vertex.support, contributions, own) + bias) - output);
    return { epsilon, jsd: vertex.jsd, support: vertex.support, outputChange };
  });
}

interface Slab {
  low: number;
  high: number;
}

/** Where the logit without bias may lie; the own one always does, whatever is rounded. */
function slab(own: number, output: number, bias: number, epsilon: number): Slab {
  const low = output - epsilon <= 0 ? Number.NEGATIVE_INFINITY : logit(output - epsilon) - bias;
  const high = output + epsilon >= 1 ? Number.POSITIVE_INFINITY : logit(output + epsilon) - bias;
  return { low: Math.min(low, own), high: Math.max(high, own) };
}

const logit = (p: number) => Math.log(p) - Math.log1p(-p);

/** The own attention as it enters the divergence: a negative rounding counts as 0. */
function weightsThatCount(attention: readonly number[]): Float64Array {
  return Float64Array.from(attention, (weight) => Math.max(0, weight));
}

interface Vertex {
  jsd: number;
  support: ExactAdversary["support"];
}

function bestVertex(
  scores: Float32Array,
  attention: readonly number[],
  own: Float64Array,
  { low, high }: Slab,
): Vertex {
  const total = own.reduce((sum, weight) => sum + weight, 0);
  let best = 0;
  let first = -1;
  let second = -1;
  let weightOfFirst = 1;
  const gain = Float64Array.from(own, (weight) => divergencePart(1, weight) - Math.LN2 * weight);
  for (let t = 0; t < attention.length; t++) {
    if (scores[t]! < low || scores[t]! > high) continue;
    const jsd = 0.5 * (gain[t]! + Math.LN2 * total);
    if (jsd > best) [best, first, second, weightOfFirst] = [jsd, t, -1, 1];
  }
  for (const bound of [low, high]) {
    if (!Number.isFinite(bound)) continue;
    for (let t = 0; t < attention.length; t++) {
      for (let u = t + 1; u < attention.length; u++) {
        const weight = (bound - scores[u]!) / (scores[t]! - scores[u]!);
        if (!(weight > 0 && weight < 1)) continue;
        const rest = Math.LN2 * (total - own[t]! - own[u]!);
        const jsd = 0.5 * (divergencePart(weight, own[t]!) + divergencePart(1 - weight, own[u]!) + rest);
        if (jsd > best) [best, first, second, weightOfFirst] = [jsd, t, u, weight];
      }
    }
  }
  if (first < 0) return { jsd: 0, support: [] };
  const support = [{ word: first, weight: weightOfFirst }];
  if (second >= 0) support.push({ word: second, weight: 1 - weightOfFirst });
  return { jsd: Math.min(Math.LN2, best), support };
}

/** p ln(2p / (p + q)) + q ln(2q / (p + q)), with 0 ln 0 = 0. */
function divergencePart(p: number, q: number): number {
  const sum = p + q;
  return (p > 0 ? p * Math.log((2 * p) / sum) : 0) + (q > 0 ? q * Math.log((2 * q) / sum) : 0);
}

function scoreOf(support: ExactAdversary["support"], scores: Float32Array, own: number): number {
  return support.length === 0 ? own : support.reduce((sum, { word, weight }) => sum + weight * scores[word]!, 0);
}
