import { freed, isNative, runKernel, tf } from "../backend/tensorflow";
import { UserError } from "../errors";
import { addPenalty, type Decoder, decode, offsetOf, type Penalty, possibleAnswers, softmax } from "./decoder";

/** How the search for adversarial attention climbs. */
export interface ClimbSettings extends Penalty {
  /** K, the candidates of a text. */
  candidates: number;
  /** Weight of the divergence of one pair of candidates. */
  pairWeight: number;
  learningRate: number;
  steps: number;
}

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
 * logits. The fused kernel works on all texts in two threads where libtensorflow is loaded; elsewhere, and of more than two
 * classes without a question, plain JavaScript comes to the same numbers.
 *
 * @param texts of one model
 * @returns the candidates' weights of each text, [candidates, words]
 */
export function searchAttention(texts: readonly SearchedText[], settings: ClimbSettings): Float32Array[] {
  if (texts.length === 0) return [];
  if (!isNative() || texts[0]!.decoder.kind === "softmax") return plainSearch(texts, settings);
  if (new Set(texts.map(({ decoder }) => `${decoder.kind} ${offsetOf(decoder).length}`)).size > 1) {
    throw new UserError("Attention is searched for texts of one model at a time, but texts of several models came.");
  }
  return fusedSearch(texts, settings);
}

/** In one call of the kernel; src/backend/native/adversary.cc says what each input is. */
function fusedSearch(texts: readonly SearchedText[], settings: ClimbSettings): Float32Array[] {
  const { slack, lambda, pairWeight, learningRate, steps } = settings;
  return freed(() => {
    const packed = (partOf: (text: SearchedText) => ArrayLike<number>) =>
      tf.concat(texts.map((text) => tf.tensor1d(new Float32Array(partOf(text)))));
    const counted = (countOf: (text: SearchedText) => number) => tf.tensor1d(texts.map(countOf), "int32");
    const inputs = [
      packed(({ attention }) => attention),
      packed(({ starts }) => starts),
      counted(({ attention }) => attention.length),
      tf.tensor1d([slack, lambda, pairWeight, learningRate, steps]),
      packed(({ decoder }) => decoder.contributions),
      packed(({ decoder }) => offsetOf(decoder)),
      counted(({ decoder }) => answersOf(decoder).biases.length),
      packed(({ decoder }) => answersOf(decoder).rows),
      packed(({ decoder }) => answersOf(decoder).biases),
    ];
    const [found] = runKernel("AttentionAdversary", inputs, 1);
    const ofTexts = texts.map(({ starts }) => starts.length);
    return tf.split(found!, ofTexts).map((ofText) => ofText.dataSync<"float32">());
  });
}

/** The rows [answers, hidden] of W's transpose, and the biases, of the answers that a text may have; none of a decoder without a question. */
function answersOf(decoder: Decoder): { rows: number[]; biases: number[] } {
  if (decoder.kind !== "tanh") return { rows: [], biases: [] };
  const { weights, bias, offset } = decoder;
  const labels = [...possibleAnswers(decoder)];
  return {
    rows: labels.flatMap((label) => Array.from(offset, (_, h) => weights[h * bias.length + label]!)),
    biases: labels.map((label) => bias[label]!),
  };
}

/** The same as {@link searchAttention} in plain JavaScript: the tested reference, and what computes without libtensorflow. */
export function plainSearch(texts: readonly SearchedText[], settings: ClimbSettings): Float32Array[] {
  const asKernel = Object.entries(settings).map(([name, value]) => [name, Math.fround(value)]);
  return texts.map((text) => climb(text, Object.fromEntries(asKernel)));
}

function climb({ decoder, attention, starts }: SearchedText, settings: ClimbSettings): Float32Array {
  const { candidates, steps, pairWeight, learningRate } = settings;
  const own = Float64Array.from(attention, Math.fround);
  const output = decode(decoder, own);
  const logits = Array.from({ length: candidates }, (_, k) =>
    Float64Array.from(starts.subarray(k * own.length, (k + 1) * own.length)),
  );
  const moves = logits.map((ofCandidate) => amsgrad(ofCandidate, learningRate));
  for (let step = 0; step < steps; step++) {
    const weights = logits.map(softmax);
    for (const [k, move] of moves.entries()) {
      const gradient = divergenceGradient(k, logits[k]!, weights, own, pairWeight);
      addPenalty(decoder, output, weights[k]!, settings, gradient);
      move(throughSoftmax(weights[k]!, gradient));
    }
  }
  return Float32Array.from(logits.flatMap((ofCandidate) => [...softmax(ofCandidate)]));
}

/**
 * Gradient of -Σ_i JSD(α_i, α̂) - w Σ_{i<j} JSD(α_i, α_j) with respect to the weights of candidate i, up to a constant,
 * which the softmax takes away: ∂JSD(p, q)/∂p_t = ½ ln(2 p_t / (p_t + q_t)). The logarithms of the sums with all other
 * candidates are one of their product.
 */
function divergenceGradient(
  i: number,
  logits: Float64Array,
  weights: readonly Float64Array[],
  own: Float64Array,
  pairWeight: number,
): Float64Array {
  const mine = weights[i]!;
  const others = pairWeight === 0 ? [] : weights.filter((_, j) => j !== i);
  const top = mine.reduce((best, weight, t) => (weight > mine[best]! ? t : best), 0);
  const logOfSum = logits[top]! - Math.log(mine[top]!);
  const ofOwnLog = -0.5 - 0.5 * pairWeight * (weights.length - 1);
  const gradient = new Float64Array(own.length);
  for (let t = 0; t < own.length; t++) {
    const weight = mine[t]!;
    let sum = ofOwnLog * (logits[t]! - logOfSum) + 0.5 * Math.log(weight + own[t]! + smallest);
    let product = 1;
    for (let j = 0; j < others.length; j++) {
      product *= weight + others[j]![t]!;
      if ((j + 1) % factorsAtOnce !== 0 && j + 1 < others.length) continue;
      sum += 0.5 * pairWeight * Math.log(product + smallest);
      product = 1;
    }
    gradient[t] = sum;
  }
  return gradient;
}

/** Keeps the logarithm of vanished weights finite. */
const smallest = 1e-300;

/** Factors of a product whose logarithm is taken: so many weights that still move cannot vanish in it. */
const factorsAtOnce = 16;

/** From the gradient by weights to that by logits, in place. */
function throughSoftmax(weights: Float64Array, gradient: Float64Array): Float64Array {
  let mean = 0;
  for (let t = 0; t < weights.length; t++) mean += weights[t]! * gradient[t]!;
  for (let t = 0; t < weights.length; t++) gradient[t] = weights[t]! * (gradient[t]! - mean);
  return gradient;
}

/** Adam with AMSGrad over one vector, in place; its epsilon is outside the bias correction, as the model's by default. */
function amsgrad(values: Float64Array, learningRate: number): (gradient: Float64Array) => void {
  const mean = new Float64Array(values.length);
  const variance = new Float64Array(values.length);
  const maximum = new Float64Array(values.length);
  let steps = 0;
  return (gradient) => {
    steps += 1;
    const size = (learningRate * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!;
      mean[i] = 0.9 * mean[i]! + 0.1 * g;
      variance[i] = 0.999 * variance[i]! + 0.001 * g * g;
      maximum[i] = Math.max(maximum[i]!, variance[i]!);
      values[i]! -= (size * mean[i]!) / (Math.sqrt(maximum[i]!) + 1e-8);
    }
  };
}
