import { climbAll, type PackedDecoders } from "../backend/adversary";
import { isNative } from "../backend/tensorflow";
import { requireNumber, unknownName } from "../errors";
import { type Decoder, decode, type LinearDecoder, type TanhDecoder, wordsOf } from "../model/decoder";
import { changeMeter } from "../model/outputChange";
import { jensenShannon, totalVariation } from "../stats/divergence";
import { createRandom } from "../stats/random";

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
 * {@link searchAdversary} for several texts of one model, which the native backend computes side by side.
 *
 * @returns for each text one result for each ε
 */
export function searchAdversaries(texts: readonly AdversaryText[], options: AdversaryOptions = {}): Adversary[][] {
  if (texts.length === 0) return [];
  const settings = settingsOf(texts[0]!.decoder, options);
  const begun = texts.map((text) => ({ ...text, logits: starts(text, settings) }));
  const found = (isNative() ? climbTogether : climbEach)(begun, settings);
  return texts.map(({ decoder, attention }, index) => {
    const tried = options.corners ? [...found[index]!, ...corners(attention.length)] : found[index]!;
    return judge(decoder, attention, tried, settings);
  });
}

interface Settings {
  epsilons: readonly number[];
  candidates: number;
  lambda: number;
  slack: number;
  steps: number;
  learningRate: number;
  startDeviation: number;
  /** Weight of one pair of candidates. */
  pairWeight: number;
  withOwn: boolean;
}

function settingsOf({ kind }: Pick<Decoder, "kind">, options: AdversaryOptions): Settings {
  checkAdversaryOptions(options);
  const { variant = "paper", candidates = 5, lambda = 500, steps = 500, learningRate = 0.01 } = options;
  const shared = { candidates, steps, learningRate, startDeviation: options.startDeviation ?? 3 };
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

/** A text with the logarithmic weights that its candidates start from: one row of its length for each. */
type Begun = AdversaryText & { logits: Float32Array };

/** Equal logarithmic weights and normal noise (the authors' code). */
function starts({ attention, seed }: AdversaryText, { candidates, startDeviation }: Settings): Float32Array {
  const random = createRandom(seed);
  const words = attention.length;
  return Float32Array.from({ length: candidates * words }, () => startDeviation * random.normal() - Math.log(words));
}

/** The candidates of every text after all steps, one row of weights each; by the fused kernel. */
function climbTogether(texts: readonly Begun[], settings: Settings): number[][][] {
  const own = Float32Array.from(texts.flatMap(({ attention }) => attention));
  const weights = climbAll(
    packDecoders(texts.map(({ decoder }) => decoder)),
    own,
    joined(texts.map(({ logits }) => logits)),
    settings,
  );
  let from = 0;
  return texts.map(({ attention: { length } }) =>
    Array.from({ length: settings.candidates }, () => {
      const row = weights.subarray(from, from + length);
      from += length;
      const sum = row.reduce((total, weight) => total + weight, 0);
      return Array.from(row, (weight) => weight / sum);
    }),
  );
}

function packDecoders(decoders: readonly Decoder[]): PackedDecoders {
  const linear = decoders.filter((decoder): decoder is LinearDecoder => decoder.kind === "linear");
  const tanh = decoders.filter((decoder): decoder is TanhDecoder => decoder.kind === "tanh");
  if (tanh.length === 0) {
    return {
      lengths: Int32Array.from(linear, wordsOf),
      states: joined(linear.map(({ contributions }) => contributions)),
      offset: Float32Array.from(linear, ({ bias }) => bias),
    };
  }
  const { weights, bias } = tanh[0]!;
  return {
    lengths: Int32Array.from(tanh, wordsOf),
    states: joined(tanh.map(({ projected }) => projected)),
    offset: joined(tanh.map(({ offset }) => offset)),
    outer: { weights, bias, impossible: joined(tanh.map(impossibleAnswers)) },
  };
}

/** 0 for possible answers and a large negative number for others, [classes]. */
function impossibleAnswers({ bias, candidates }: TanhDecoder): Float32Array {
  if (candidates === undefined) return new Float32Array(bias.length);
  const mask = new Float32Array(bias.length).fill(-1e9);
  for (const label of candidates) mask[label] = 0;
  return mask;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The same as {@link climbTogether} in plain JavaScript: the tested reference, and what computes without libtensorflow. */
function climbEach(texts: readonly Begun[], settings: Settings): number[][][] {
  return texts.map((text) => climb(text, settings));
}

/** Gradient descent on the logarithmic weights of the candidates. */
function climb({ decoder, attention: own, logits: begin }: Begun, settings: Settings): number[][] {
  const { candidates, steps, lambda, slack, pairWeight } = settings;
  const words = own.length;
  const logits = Float64Array.from(begin);
  const weights = new Float64Array(candidates * words);
  const logWeights = new Float64Array(candidates * words);
  const gradient = new Float64Array(candidates * words);
  const meter = changeMeter(decoder, own);
  const optimiser = new Amsgrad(logits, settings.learningRate);
  for (let step = 0; step < steps; step++) {
    softmaxEach(logits, weights, logWeights, candidates);
    divergenceGradient(own, weights, logWeights, gradient, candidates, pairWeight);
    for (let k = 0; k < candidates; k++) {
      const change = meter.measure(weights, k * words);
      if (change > slack) meter.addGradient(gradient, k * words, lambda);
    }
    throughSoftmax(weights, gradient, candidates);
    optimiser.step(gradient);
  }
  softmaxEach(logits, weights, logWeights, candidates);
  return Array.from({ length: candidates }, (_, k) => Array.from(weights.subarray(k * words, (k + 1) * words)));
}

/** Softmax of each candidate's logits, and its logarithm. */
function softmaxEach(logits: Float64Array, weights: Float64Array, logWeights: Float64Array, candidates: number): void {
  const words = logits.length / candidates;
  for (let from = 0; from < logits.length; from += words) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = from; i < from + words; i++) if (logits[i]! > largest) largest = logits[i]!;
    let sum = 0;
    for (let i = from; i < from + words; i++) sum += weights[i] = Math.exp(logits[i]! - largest);
    const shift = largest + Math.log(sum);
    const scale = 1 / sum;
    for (let i = from; i < from + words; i++) {
      weights[i]! *= scale;
      logWeights[i] = logits[i]! - shift;
    }
  }
}

/**
 * Gradient of -Σ_i JSD(α_i, α̂) - w Σ_{i<j} JSD(α_i, α_j) with respect to every weight, up to a constant for each
 * candidate, which the softmax takes away: ∂JSD(p, q)/∂p_t = ½ ln(2 p_t / (p_t + q_t)).
 */
function divergenceGradient(
  own: readonly number[],
  weights: Float64Array,
  logWeights: Float64Array,
  gradient: Float64Array,
  candidates: number,
  pairWeight: number,
): void {
  const words = own.length;
  const ofOwnLog = -0.5 - 0.5 * pairWeight * (candidates - 1);
  const half = 0.5 * pairWeight;
  for (let t = 0; t < words; t++) {
    const ownWeight = own[t]!;
    for (let i = t; i < weights.length; i += words) {
      gradient[i] = ofOwnLog * logWeights[i]! + 0.5 * Math.log(weights[i]! + ownWeight + smallest);
    }
    if (half === 0) continue;
    for (let i = t; i < weights.length; i += words) {
      for (let j = i + words; j < weights.length; j += words) {
        const both = half * Math.log(weights[i]! + weights[j]! + smallest);
        gradient[i]! += both;
        gradient[j]! += both;
      }
    }
  }
}

/** Keeps the logarithm of a sum of two vanished weights finite. */
const smallest = 1e-300;

/** From the gradient by weights to that by logits, in place. */
function throughSoftmax(weights: Float64Array, gradient: Float64Array, candidates: number): void {
  const words = weights.length / candidates;
  for (let from = 0; from < weights.length; from += words) {
    let mean = 0;
    for (let i = from; i < from + words; i++) mean += weights[i]! * gradient[i]!;
    for (let i = from; i < from + words; i++) gradient[i] = weights[i]! * (gradient[i]! - mean);
  }
}

/** Adam with AMSGrad over one vector, as the model's optimiser. */
class Amsgrad {
  private readonly mean: Float64Array;
  private readonly variance: Float64Array;
  private readonly maximum: Float64Array;
  private steps = 0;

  constructor(
    private readonly values: Float64Array,
    private readonly learningRate: number,
  ) {
    this.mean = new Float64Array(values.length);
    this.variance = new Float64Array(values.length);
    this.maximum = new Float64Array(values.length);
  }

  step(gradient: Float64Array): void {
    this.steps += 1;
    const size = (this.learningRate * Math.sqrt(1 - 0.999 ** this.steps)) / (1 - 0.9 ** this.steps);
    const { values, mean, variance, maximum } = this;
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!;
      const m = 0.9 * mean[i]! + 0.1 * g;
      const v = 0.999 * variance[i]! + 0.001 * g * g;
      mean[i] = m;
      variance[i] = v;
      if (v > maximum[i]!) maximum[i] = v;
      values[i]! -= (size * m) / (Math.sqrt(maximum[i]!) + 1e-8);
    }
  }
}

function corners(words: number): number[][] {
  return Array.from({ length: words }, (_, word) => Array.from({ length: words }, (_, t) => (t === word ? 1 : 0)));
}

function judge(
  decoder: Decoder,
  own: readonly number[],
  tried: readonly number[][],
  { epsilons, withOwn }: Settings,
): Adversary[] {
  const output = decode(decoder, own);
  const judged = tried.map((attention) => ({
    attention,
    jsd: jensenShannon(attention, own),
    outputChange: totalVariation(decode(decoder, attention), output),
  }));
  return epsilons.map((epsilon) => {
    const feasible = judged.filter(({ outputChange }) => outputChange <= epsilon);
    const candidates = withOwn ? [...feasible, { attention: [...own], jsd: 0, outputChange: 0 }] : feasible;
    const none = { attention: undefined, jsd: undefined, outputChange: undefined };
    const best = candidates.reduce(
      (top, one) => (top.jsd === undefined || one.jsd > top.jsd ? one : top),
      none as (typeof candidates)[number] | typeof none,
    );
    return { epsilon, ...best, feasible: feasible.length };
  });
}
