import { type ClimbSettings, fusedSearch, type PackedTexts } from "../backend/adversary";
import { isNative } from "../backend/tensorflow";
import { UserError } from "../errors";
import type { Decoder, LinearDecoder, TanhDecoder } from "./decoder";
import { changeMeter } from "./outputChange";

/** A text whose attention is searched. */
export interface SearchedText {
  decoder: Decoder;
  /** The model's own, one weight per word. */
  attention: ArrayLike<number>;
  /** Logits of the candidates at the start, [candidates, words]. */
  starts: Float32Array;
}

/**
 * Lets candidates of adversarial attention climb (paper, Algorithm 3 and equation 2): each text's K candidates maximise
 * Σ_i JSD(α_i, α̂) + w Σ_{i<j} JSD(α_i, α_j) - λ Σ_i max(0, TVD(ŷ(α_i), ŷ(α̂)) - slack), by Adam with AMSGrad on their
 * logits. The fused kernel works on all texts in two threads where libtensorflow is loaded; elsewhere plain JavaScript
 * comes to the same numbers.
 *
 * @param texts of one model
 * @returns the candidates' weights of each text, [candidates, words]
 */
export function searchAttention(texts: readonly SearchedText[], settings: ClimbSettings): Float32Array[] {
  if (texts.length === 0) return [];
  if (!isNative()) return plainSearch(texts, settings);
  const found = fusedSearch(packTexts(texts), settings);
  let place = 0;
  return texts.map(({ starts }) => {
    place += starts.length;
    return found.slice(place - starts.length, place);
  });
}

function packTexts(texts: readonly SearchedText[]): PackedTexts {
  return {
    lengths: Int32Array.from(texts, ({ attention }) => attention.length),
    own: concat(texts.map(({ attention }) => Float32Array.from(attention))),
    starts: concat(texts.map(({ starts }) => starts)),
    decoders: packDecoders(texts.map(({ decoder }) => decoder)),
  };
}

function packDecoders(decoders: readonly Decoder[]): PackedTexts["decoders"] {
  const linear = decoders.filter((decoder): decoder is LinearDecoder => decoder.kind === "linear");
  if (linear.length === decoders.length) {
    const scores = concat(linear.map(({ contributions }) => contributions));
    return { kind: "linear", scores, biases: Float32Array.from(linear, ({ bias }) => bias) };
  }
  const tanh = decoders.filter((decoder): decoder is TanhDecoder => decoder.kind === "tanh");
  const hidden = tanh[0]!.offset.length;
  if (tanh.length !== decoders.length || tanh.some(({ offset }) => offset.length !== hidden)) {
    throw new UserError("Attention is searched for texts of one model at a time, but texts of several models came.");
  }
  const answers = tanh.map(possibleAnswers);
  return {
    kind: "tanh",
    projected: concat(tanh.map(({ projected }) => projected)),
    offsets: concat(tanh.map(({ offset }) => offset)),
    counts: Int32Array.from(answers, ({ biases }) => biases.length),
    answers: concat(answers.map(({ weights }) => weights)),
    biases: concat(answers.map(({ biases }) => biases)),
  };
}

/** The rows [answers, hidden] of W's transpose, and the biases, of the answers that a text may have. */
function possibleAnswers({ weights, bias, candidates }: TanhDecoder): { weights: Float32Array; biases: Float32Array } {
  const labels = candidates ?? bias.map((_, label) => label);
  const hidden = weights.length / bias.length;
  const rows = new Float32Array(labels.length * hidden);
  labels.forEach((label, answer) => {
    for (let h = 0; h < hidden; h++) rows[answer * hidden + h] = weights[h * bias.length + label]!;
  });
  return { weights: rows, biases: Float32Array.from(labels, (label) => bias[label]!) };
}

function concat(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const array of arrays) {
    all.set(array, place);
    place += array.length;
  }
  return all;
}

/** The same as {@link searchAttention} in plain JavaScript: the tested reference, and what computes without libtensorflow. */
export function plainSearch(texts: readonly SearchedText[], settings: ClimbSettings): Float32Array[] {
  const [slack, lambda, pairWeight, learningRate] = [
    settings.slack,
    settings.lambda,
    settings.pairWeight,
    settings.learningRate,
  ].map(Math.fround) as [number, number, number, number]; // as the kernel gets them
  return texts.map((text) => climb(text, { ...settings, slack, lambda, pairWeight, learningRate }));
}

function climb({ decoder, attention, starts }: SearchedText, settings: ClimbSettings): Float32Array {
  const { candidates, steps, lambda, slack, pairWeight } = settings;
  const own = Float64Array.from(attention, Math.fround);
  const words = own.length;
  const logits = Float64Array.from(starts);
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
  return Float32Array.from(weights);
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
    for (let i = from; i < from + words; i++) {
      weights[i]! /= sum;
      logWeights[i] = logits[i]! - shift;
    }
  }
}

/**
 * Gradient of -Σ_i JSD(α_i, α̂) - w Σ_{i<j} JSD(α_i, α_j) with respect to every weight, up to a constant for each
 * candidate, which the softmax takes away: ∂JSD(p, q)/∂p_t = ½ ln(2 p_t / (p_t + q_t)). The logarithms of the sums with
 * all other candidates are one of their product.
 */
function divergenceGradient(
  own: Float64Array,
  weights: Float64Array,
  logWeights: Float64Array,
  gradient: Float64Array,
  candidates: number,
  pairWeight: number,
): void {
  const words = own.length;
  const ofOwnLog = -0.5 - 0.5 * pairWeight * (candidates - 1);
  const withPairs = candidates > 1 && pairWeight !== 0;
  for (let t = 0; t < words; t++) {
    for (let i = t; i < weights.length; i += words) {
      const weight = weights[i]!;
      let sum = ofOwnLog * logWeights[i]! + 0.5 * Math.log(weight + own[t]! + smallest);
      if (withPairs) {
        let product = 1;
        let factors = 0;
        for (let j = t; j < weights.length; j += words) {
          if (j === i) continue;
          product *= weight + weights[j]!;
          if (++factors % factorsAtOnce === 0) {
            sum += 0.5 * pairWeight * Math.log(product + smallest);
            product = 1;
          }
        }
        sum += 0.5 * pairWeight * Math.log(product + smallest);
      }
      gradient[i] = sum;
    }
  }
}

/** Keeps the logarithm of vanished weights finite. */
const smallest = 1e-300;

/** Factors of a product whose logarithm is taken: so many weights that still move cannot vanish in it. */
const factorsAtOnce = 16;

/** From the gradient by weights to that by logits, in place. */
function throughSoftmax(weights: Float64Array, gradient: Float64Array, candidates: number): void {
  const words = weights.length / candidates;
  for (let from = 0; from < weights.length; from += words) {
    let mean = 0;
    for (let i = from; i < from + words; i++) mean += weights[i]! * gradient[i]!;
    for (let i = from; i < from + words; i++) gradient[i] = weights[i]! * (gradient[i]! - mean);
  }
}

/** Adam with AMSGrad over one vector; its epsilon is outside the bias correction, as the model's by default. */
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
