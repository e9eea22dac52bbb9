import type { ClimbSettings } from "../../../backend/adversary";
import { requireNumber, unknownName } from "../../../errors";
import { searchAttention } from "../../../model/attentionSearch";
import { type Decoder, decode } from "../../../model/decoder";
import { jensenShannon, totalVariation } from "../../../stats/divergence";
import { createRandom } from "../../../stats/random";

/** As Algorithm 3 and equation 2 of the paper, or as the authors' code. */
export const variants: readonly string[] = ["paper", "code"];

const names = [
  "variant",
  "epsilons",
  "candidates",
  "lambda",
  "slack",
  "steps",
  "learningRate",
  "startDeviation",
  "corners",
];

/** Settings of the adversarial search; what is not given has the variant's value. */
export interface AdversaryOptions {
  /**
   * "paper" (default): Algorithm 3 and equation 2 as printed. "code": as the authors' code does, which tolerates half as
   * much change of the output with a question while it searches, weighs the pairs of candidates by 2 / K² instead of
   * 1 / (K (K - 1)), and counts the own attention (JSD 0) as a candidate that always keeps the output.
   */
  variant?: "paper" | "code";
  /**
   * ε: the largest total variation of the output that counts as "unchanged"; several are judged after one search.
   * Default: the paper's .01 in classification and .05 with a question; the code's .05 in both.
   */
  epsilons?: readonly number[];
  /** K: attentions that are searched at the same time, and away from each other. Default 5. */
  candidates?: number;
  /** λ: how much a change of the output beyond `slack` costs. Default 500. */
  lambda?: number;
  /** Total variation that costs nothing. Default: the paper's ε; in the code .01, with a question .005. */
  slack?: number;
  /** Steps of Adam (AMSGrad). Default 500. */
  steps?: number;
  /** Default .01. */
  learningRate?: number;
  /** Standard deviation of the normal noise on the logarithmic weights that the candidates start from. Default 3. */
  startDeviation?: number;
  /** Whether also every single word with all of the weight is tried, as it is. Default false, as in paper and code. */
  corners?: boolean;
}

/** The best adversarial attention that was found for one ε. */
export interface Adversary {
  epsilon: number;
  /** The largest JSD to the own attention among the candidates within ε, in nats; undefined if none is ("code": then 0). */
  jsd: number | undefined;
  /** One weight per word; undefined if no candidate is within ε. */
  attention: number[] | undefined;
  /** Total variation of the output; undefined if no candidate is within ε. */
  outputChange: number | undefined;
  /** How many of the candidates keep the output within ε. */
  feasible: number;
}

/** A text whose attention is attacked. */
export interface AdversaryText {
  decoder: Decoder;
  /** The model's own, one weight per word. */
  attention: readonly number[];
  /** What the starts are drawn from. */
  seed: number | string;
}

/**
 * Searches attentions that are far from the model's own but keep its output, the states held fixed (paper, Algorithm 3):
 * maximises Σ_i JSD(α_i, α̂) + w Σ_{i<j} JSD(α_i, α_j) - λ Σ_i max(0, TVD(ŷ(α_i), ŷ(α̂)) - slack) over K attentions at
 * once, from random starts. What it finds is a lower bound of the true ε-max JSD.
 *
 * @param attention the model's own, one weight per word
 * @param seed what the starts are drawn from
 * @returns one result for each ε, in their order
 */
export function searchAdversary(
  decoder: Decoder,
  attention: readonly number[],
  seed: number | string,
  options: AdversaryOptions = {},
): Adversary[] {
  return searchAdversaries([{ decoder, attention, seed }], options)[0]!;
}

/**
 * {@link searchAdversary} for several texts of one model, which the native backend computes side by side, in one call that
 * does not give way: many texts come in chunks.
 *
 * @returns for each text one result for each ε
 */
export function searchAdversaries(texts: readonly AdversaryText[], options: AdversaryOptions = {}): Adversary[][] {
  if (texts.length === 0) return [];
  const settings = settingsOf(texts[0]!.decoder, options);
  const begun = texts.map((text) => ({ ...text, starts: starts(text, settings) }));
  const found = searchAttention(begun, settings);
  return texts.map((text, index) => judge(text, found[index]!, settings));
}

interface Settings extends ClimbSettings {
  epsilons: readonly number[];
  startDeviation: number;
  withOwn: boolean;
  corners: boolean;
}

function settingsOf({ kind }: Pick<Decoder, "kind">, options: AdversaryOptions): Settings {
  checkAdversaryOptions(options);
  const { variant = "paper", candidates = 5, lambda = 500, steps = 500, learningRate = 0.01 } = options;
  const { startDeviation = 3, corners = false } = options;
  const shared = { candidates, steps, learningRate, startDeviation, corners };
  if (variant === "code") {
    // The code's change with a question is Σ|Δ|, twice the total variation: its slack of .01 is .005, its λ counts double.
    const twice = kind === "linear" ? 1 : 2;
    const slack = options.slack ?? 0.01 / twice;
    const pairWeight = 2 / candidates ** 2;
    const epsilons = options.epsilons ?? [0.05];
    return { ...shared, epsilons, lambda: twice * lambda, slack, pairWeight, withOwn: true };
  }
  const epsilon = kind === "linear" ? 0.01 : 0.05;
  const pairWeight = candidates > 1 ? 1 / (candidates * (candidates - 1)) : 0;
  const epsilons = options.epsilons ?? [epsilon];
  return { ...shared, epsilons, lambda, slack: options.slack ?? epsilon, pairWeight, withOwn: false };
}

/** @throws UserError for an option that does not exist, a name that is not known or a number out of its range */
export function checkAdversaryOptions(options: AdversaryOptions): void {
  for (const name of Object.keys(options)) if (!names.includes(name)) throw unknownName("option", name, names);
  const { variant, epsilons, candidates, lambda, slack, steps, learningRate, startDeviation } = options;
  if (variant !== undefined && !variants.includes(variant)) throw unknownName("variant", variant, variants);
  for (const epsilon of epsilons ?? []) requireNumber("epsilon", epsilon, { from: 0, to: 1 });
  const numbers = { lambda, slack, learningRate, startDeviation };
  for (const [name, value] of Object.entries(numbers)) if (value !== undefined) requireNumber(name, value, { from: 0 });
  if (candidates !== undefined) requireNumber("candidates", candidates, { from: 1, to: 1000, integer: true });
  if (steps !== undefined) requireNumber("steps", steps, { from: 0, integer: true });
}

/** Equal logarithmic weights and normal noise (the authors' code). */
function starts({ attention, seed }: AdversaryText, { candidates, startDeviation }: Settings): Float32Array {
  const random = createRandom(seed);
  const words = attention.length;
  return Float32Array.from({ length: candidates * words }, () => startDeviation * random.normal() - Math.log(words));
}

/** The best of the found candidates, [candidates, words], for each ε. */
function judge({ decoder, attention: own }: AdversaryText, found: Float32Array, settings: Settings): Adversary[] {
  const output = decode(decoder, own);
  const nothing = { jsd: undefined, attention: undefined, outputChange: undefined };
  const first = settings.withOwn ? { jsd: 0, attention: [...own], outputChange: 0 } : nothing;
  const best = settings.epsilons.map((epsilon): Adversary => ({ epsilon, ...first, feasible: 0 }));
  for (const attention of candidatesOf(found, own.length, settings)) {
    const outputChange = totalVariation(decode(decoder, attention), output);
    const jsd = jensenShannon(attention, own);
    for (const one of best) {
      if (outputChange > one.epsilon) continue;
      one.feasible += 1;
      if (one.jsd === undefined || jsd > one.jsd) Object.assign(one, { jsd, attention, outputChange });
    }
  }
  return best;
}

/** One attention after the other, as all single words of a long text at once would take much memory. */
function* candidatesOf(found: Float32Array, words: number, { corners }: Settings): Generator<number[]> {
  for (let from = 0; from < found.length; from += words) {
    const weights = Array.from(found.subarray(from, from + words));
    const sum = weights.reduce((total, weight) => total + weight, 0); // 1 but for single precision
    yield weights.map((weight) => weight / sum);
  }
  if (!corners) return;
  for (let word = 0; word < words; word++) yield Array.from({ length: words }, (_, t) => (t === word ? 1 : 0));
}
