import { requireNumber } from "../../../errors";
import { type LinearDecoder, sigmoid } from "../../../model/decoder";
import { epsilonDigits } from "../../../study/columns";
import { type Intervention, paperEpsilon } from "../../intervention";
import { inNats } from "../../quantity";

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
        ...inNats,
      },
    ],
    always: epsilonsOfCurve,
  },
  linearOnly: true,
  compute: (texts, { epsilons }) =>
    texts.map(({ decoder, attention }) => {
      if (decoder.kind !== "linear") return { numbers: {} };
      const found = exactAdversary(decoder, attention, epsilons);
      return {
        numbers: Object.fromEntries(found.map(({ epsilon, jsd }) => [`exactJsd${epsilonDigits(epsilon)}`, jsd])),
        attention: found.find(({ epsilon }) => epsilon === paperEpsilon.linear)?.attention,
      };
    }),
};

/**
 * The global ε-max JSD of a classifier of two classes, in nats, which the paper's search (its Algorithm 3) gives a lower
 * bound of, and the attention that has it.
 *
 * The attentions within ε of the output are the simplex cut by a slab lo ≤ Σ a_t s_t ≤ hi. The Jensen-Shannon divergence
 * to the own attention is convex, so it is largest at a vertex of that polytope, and every vertex has at most two words:
 * a word with lo ≤ s_t ≤ hi alone, or two words between which the bound is met. All pairs cost O(words²).
 *
 * @param attention the model's own, one weight per word, summing to 1; what comes back where rounding leaves no other
 * @param epsilons total variations, from 0 to 1
 * @returns one result for each epsilon, in their order
 * @throws UserError for an epsilon out of range
 */
export function exactAdversary(decoder: LinearDecoder, attention: readonly number[], epsilons: readonly number[]) {
  const weights = Float64Array.from(attention, (weight) => Math.max(0, weight)); // a negative rounding counts as 0
  const own = attention.reduce((sum, weight, t) => sum + weight * decoder.contributions[t]!, 0);
  return epsilons.map((epsilon) => {
    requireNumber("epsilon", epsilon, { from: 0, to: 1 });
    return { epsilon, ...bestVertex(decoder.contributions, weights, slab(decoder, own, epsilon)) };
  });
}

/** Where the logit without bias may lie; the own one does, and is one that words reach, whatever is rounded. */
function slab({ contributions, bias }: LinearDecoder, own: number, epsilon: number) {
  const output = sigmoid(own + bias);
  const low = output - epsilon <= 0 ? Number.NEGATIVE_INFINITY : logit(output - epsilon) - bias;
  const high = output + epsilon >= 1 ? Number.POSITIVE_INFINITY : logit(output + epsilon) - bias;
  const lowest = contributions.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = contributions.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const reached = Math.min(highest, Math.max(lowest, own));
  return { low: Math.min(low, reached), high: Math.max(high, reached) };
}

const logit = (p: number) => Math.log(p) - Math.log1p(-p);

function bestVertex(scores: Float32Array, own: Float64Array, { low, high }: ReturnType<typeof slab>) {
  const total = own.reduce((sum, weight) => sum + weight, 0);
  let best = Number.NEGATIVE_INFINITY;
  let vertex = new Map<number, number>(); // the weights of its words
  for (let t = 0; t < own.length; t++) {
    if (scores[t]! < low || scores[t]! > high) continue;
    const jsd = 0.5 * (divergencePart(1, own[t]!) + Math.LN2 * (total - own[t]!));
    if (jsd > best) [best, vertex] = [jsd, new Map([[t, 1]])];
  }
  for (const bound of [low, high]) {
    if (!Number.isFinite(bound)) continue;
    for (let t = 0; t < own.length; t++) {
      for (let u = t + 1; u < own.length; u++) {
        const weight = (bound - scores[u]!) / (scores[t]! - scores[u]!);
        if (!(weight >= 0 && weight <= 1)) continue;
        const rest = Math.LN2 * (total - own[t]! - own[u]!);
        const jsd = 0.5 * (divergencePart(weight, own[t]!) + divergencePart(1 - weight, own[u]!) + rest);
        if (jsd > best) [best, vertex] = [jsd, new Map([[t, weight]]).set(u, 1 - weight)];
      }
    }
  }
  if (vertex.size === 0) return { jsd: 0, attention: Array.from(own) };
  const attention = Array.from(own, (_, t) => vertex.get(t) ?? 0);
  return { jsd: Math.min(Math.LN2, Math.max(0, best)), attention };
}

/** p ln(2p / (p + q)) + q ln(2q / (p + q)), with 0 ln 0 = 0. */
function divergencePart(p: number, q: number): number {
  const sum = p + q;
  return (p > 0 ? p * Math.log((2 * p) / sum) : 0) + (q > 0 ? q * Math.log((2 * q) / sum) : 0);
}
