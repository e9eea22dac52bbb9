import { requireNumber, UserError } from "../../../errors";
import { type Decoder, sigmoid } from "../../../model/decoder";
import { epsilonDigits } from "../../../study/columns";
import { type Intervention, paperEpsilon } from "../../intervention";

/** From a tenth of the paper's ε to ten times it. */
const epsilonsOfCurve = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1] as const;

/** The attention that is furthest from the model's own while the output moves by at most ε; of two classes only. */
export const exact: Intervention<"exact", never, "exactJsd", (typeof epsilonsOfCurve)[number]> = {
  name: "exact",
  title: "exact adversarial attention",
  meaning: "Of all attentions that move the output by at most ε the one that is furthest from the model's own.",
  version: 1,
  columns: [],
  perEpsilon: {
    columns: [
      {
        name: "exactJsd",
        symbol: "exact",
        title: "exact ε-max JSD",
        meaning:
          "The largest Jensen-Shannon divergence to the model's attention that there is while the output moves by at most ε, of which the search finds a lower bound; of two classes only.",
        range: [0, Math.LN2],
        unit: "nats",
        digits: 3,
      },
    ],
    always: epsilonsOfCurve,
  },
  linearOnly: true,
  compute: (texts, { epsilons }) =>
    texts.map(({ decoder, attention }) => {
      if (decoder.kind !== "linear") return { numbers: {} };
      const found = exactAdversary(decoder, attention, epsilons);
      const shown = found.find(({ epsilon }) => epsilon === paperEpsilon.linear);
      return {
        numbers: Object.fromEntries(found.map(({ epsilon, jsd }) => [`exactJsd${epsilonDigits(epsilon)}`, jsd])),
        attention: shown && attentionOf(shown, attention),
      };
    }),
};

/** The attention that is furthest from the model's own among all that keep the output. */
export interface ExactAdversary {
  epsilon: number;
  /** The global ε-max JSD, in nats, from 0 to ln 2. */
  jsd: number;
  /**
   * Its words and their weights, one or two, as the maximum is at a vertex; empty where rounding leaves none, and only
   * the own attention keeps the output.
   */
  support: { word: number; weight: number }[];
  /** |ŷ(x, α̃) - ŷ(x, α̂)|, at most ε. */
  outputChange: number;
}

/**
 * The global ε-max JSD of a classifier of two classes, which the paper's search (its Algorithm 3) gives a lower bound of.
 *
 * The attentions within ε of the output are the simplex cut by a slab lo ≤ Σ a_t s_t ≤ hi. The Jensen-Shannon divergence
 * to the own attention is convex, so it is largest at a vertex of that polytope, and every vertex has at most two words:
 * a word with lo ≤ s_t ≤ hi alone, or two words between which the bound is met. All pairs cost O(words²).
 *
 * @param decoder of a classifier of two classes
 * @param attention the model's own, one weight per word, summing to 1
 * @param epsilons total variations, from 0 to 1
 * @returns one result for each epsilon, in their order
 * @throws UserError for any other decoder, for which there is no slab, and for an epsilon out of range
 */
export function exactAdversary(
  decoder: Decoder,
  attention: readonly number[],
  epsilons: readonly number[],
): ExactAdversary[] {
  if (decoder.kind !== "linear") {
    throw new UserError(
      `The exact adversary needs a linear decoder, that of two classes without a question, but one with ${decoder.kind} came; search with searchAdversary and corners: true instead.`,
    );
  }
  for (const epsilon of epsilons) requireNumber("epsilon", epsilon, { from: 0, to: 1 });
  const { contributions, bias } = decoder;
  const own = attention.reduce((sum, weight, t) => sum + weight * contributions[t]!, 0);
  const output = sigmoid(own + bias);
  const share = weightsThatCount(attention);
  return epsilons.map((epsilon) => {
    const bounds = slab(contributions, own, bias, epsilon);
    const vertex = bestVertex(contributions, share, bounds);
    const outputChange = Math.abs(sigmoid(scoreOf(vertex.support, contributions, own) + bias) - output);
    return { epsilon, ...vertex, outputChange };
  });
}

/** The attention of an exact adversary, one weight per word: the own one where nothing else keeps the output. */
export function attentionOf({ support }: Pick<ExactAdversary, "support">, own: readonly number[]): number[] {
  if (support.length === 0) return [...own];
  const attention = own.map(() => 0);
  for (const { word, weight } of support) attention[word] = weight;
  return attention;
}

interface Slab {
  low: number;
  high: number;
}

/** Where the logit without bias may lie; the own one does, and is one that words reach, whatever is rounded. */
function slab(contributions: Float32Array, own: number, bias: number, epsilon: number): Slab {
  const output = sigmoid(own + bias);
  const low = output - epsilon <= 0 ? Number.NEGATIVE_INFINITY : logit(output - epsilon) - bias;
  const high = output + epsilon >= 1 ? Number.POSITIVE_INFINITY : logit(output + epsilon) - bias;
  const lowest = contributions.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = contributions.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const reached = Math.min(highest, Math.max(lowest, own));
  return { low: Math.min(low, reached), high: Math.max(high, reached) };
}

const logit = (p: number) => Math.log(p) - Math.log1p(-p);

/** The own attention as it enters the divergence: a negative rounding counts as 0. */
function weightsThatCount(attention: readonly number[]): Float64Array {
  return Float64Array.from(attention, (weight) => Math.max(0, weight));
}

function bestVertex(
  scores: Float32Array,
  own: Float64Array,
  { low, high }: Slab,
): Pick<ExactAdversary, "jsd" | "support"> {
  const total = own.reduce((sum, weight) => sum + weight, 0);
  let best = Number.NEGATIVE_INFINITY;
  let first = -1;
  let second = -1;
  let weightOfFirst = 1;
  for (let t = 0; t < own.length; t++) {
    if (scores[t]! < low || scores[t]! > high) continue;
    const jsd = 0.5 * (divergencePart(1, own[t]!) + Math.LN2 * (total - own[t]!));
    if (jsd > best) [best, first] = [jsd, t];
  }
  for (const bound of [low, high]) {
    if (!Number.isFinite(bound)) continue;
    for (let t = 0; t < own.length; t++) {
      for (let u = t + 1; u < own.length; u++) {
        const weight = (bound - scores[u]!) / (scores[t]! - scores[u]!);
        if (!(weight >= 0 && weight <= 1)) continue;
        const rest = Math.LN2 * (total - own[t]! - own[u]!);
        const jsd = 0.5 * (divergencePart(weight, own[t]!) + divergencePart(1 - weight, own[u]!) + rest);
        if (jsd > best) [best, first, second, weightOfFirst] = [jsd, t, u, weight];
      }
    }
  }
  if (first < 0) return { jsd: 0, support: [] };
  const support = [{ word: first, weight: weightOfFirst }];
  if (second >= 0) support.push({ word: second, weight: 1 - weightOfFirst });
  return { jsd: Math.min(Math.LN2, Math.max(0, best)), support };
}

/** p ln(2p / (p + q)) + q ln(2q / (p + q)), with 0 ln 0 = 0. */
function divergencePart(p: number, q: number): number {
  const sum = p + q;
  return (p > 0 ? p * Math.log((2 * p) / sum) : 0) + (q > 0 ? q * Math.log((2 * q) / sum) : 0);
}

function scoreOf(support: ExactAdversary["support"], scores: Float32Array, own: number): number {
  return support.length === 0 ? own : support.reduce((sum, { word, weight }) => sum + weight * scores[word]!, 0);
}
