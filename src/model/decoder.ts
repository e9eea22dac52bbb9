import { totalVariation } from "../stats/divergence";

/** The decoder for one text of a classifier of two classes: p = σ(Σ_t a_t s_t + bias), the output is [1 - p, p]. */
export interface LinearDecoder {
  kind: "linear";
  /** s_t = θ · h_t of every word, [words]. */
  contributions: Float32Array;
  bias: number;
}

/** The decoder for one text of a classifier of more classes: softmax(Σ_t a_t s_t + bias). */
export interface SoftmaxDecoder {
  kind: "softmax";
  /** What every word contributes to each logit, [words, classes]. */
  contributions: Float32Array;
  /** [classes] */
  bias: Float32Array;
}

/** The decoder for one text with a question: softmax(W tanh(Σ_t a_t P_t + offset) + bias) over the possible answers. */
export interface TanhDecoder {
  kind: "tanh";
  /** P_t = W_p h_t of every word, [words, hidden]. */
  contributions: Float32Array;
  /** W_q Q and both biases, [hidden]. */
  offset: Float32Array;
  /** [hidden, classes] */
  weights: Float32Array;
  /** [classes] */
  bias: Float32Array;
  /** Labels of the possible answers; undefined where all are. */
  candidates?: Int32Array;
}

/** The output of one text as a function of its attention alone, its states held fixed; plain numbers. */
export type Decoder = LinearDecoder | SoftmaxDecoder | TanhDecoder;

/** What is added to the sum of the contributions, as long as those of a word: of a linear decoder one number. */
export function offsetOf(decoder: Decoder): ArrayLike<number> {
  if (decoder.kind === "tanh") return decoder.offset;
  return decoder.kind === "linear" ? [decoder.bias] : decoder.bias;
}

/** Numerically safe 1 / (1 + exp(-x)). */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** exp(x_i) / Σ_j exp(x_j). */
export function softmax(values: ArrayLike<number>): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  const weights = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i] = Math.exp(values[i]! - largest);
  for (let i = 0; i < values.length; i++) weights[i]! /= sum;
  return weights;
}

/** The probability of every class for an attention over the text's words, one weight per word. */
export function decode(decoder: Decoder, attention: ArrayLike<number>): Float64Array {
  return outputOf(decoder, readWords(decoder, attention));
}

/** The logit or logits, or the hidden layer tanh(Σ_t a_t P_t + offset). */
function readWords(decoder: Decoder, attention: ArrayLike<number>): Float64Array {
  const { contributions } = decoder;
  const sums = new Float64Array(offsetOf(decoder));
  const size = sums.length;
  for (let t = 0; t < attention.length; t++) {
    const weight = attention[t]!;
    if (weight === 0) continue;
    const row = t * size;
    for (let i = 0; i < size; i++) sums[i]! += weight * contributions[row + i]!;
  }
  if (decoder.kind === "tanh") for (let i = 0; i < size; i++) sums[i] = Math.tanh(sums[i]!);
  return sums;
}

function outputOf(decoder: Decoder, hidden: Float64Array): Float64Array {
  if (decoder.kind === "linear") return Float64Array.of(sigmoid(-hidden[0]!), sigmoid(hidden[0]!));
  if (decoder.kind === "softmax") return softmax(hidden);
  const { weights, bias } = decoder;
  const possible = possibleAnswers(decoder);
  const logits = new Float64Array(possible.length);
  for (let answer = 0; answer < possible.length; answer++) {
    let logit = bias[possible[answer]!]!;
    for (let h = 0; h < hidden.length; h++) logit += hidden[h]! * weights[h * bias.length + possible[answer]!]!;
    logits[answer] = logit;
  }
  const output = new Float64Array(bias.length);
  softmax(logits).forEach((probability, answer) => {
    output[possible[answer]!] = probability;
  });
  return output;
}

/** Labels of the answers that a text may have: where a corpus has many, they are few of all. */
export function possibleAnswers({ candidates, bias }: TanhDecoder): Int32Array {
  return candidates ?? new Int32Array(bias.length).map((_, label) => label);
}

/** What a change of the output costs. */
export interface Penalty {
  /** Total variation of the output that costs nothing. */
  slack: number;
  /** λ, what a change of the output beyond it costs. */
  lambda: number;
}

/** Adds to `gradient` that of the penalty by the weights, one per word. @param own the output that it is moved from */
export function addPenalty(
  decoder: Decoder,
  own: Float64Array,
  weights: Float64Array,
  { slack, lambda }: Penalty,
  gradient: Float64Array,
): void {
  const hidden = readWords(decoder, weights);
  const output = outputOf(decoder, hidden);
  if (totalVariation(output, own) <= slack) return;
  const ofHidden = hiddenGradient(decoder, hidden, output, own);
  const { contributions } = decoder;
  const size = ofHidden.length;
  for (let t = 0; t < weights.length; t++) {
    const row = t * size;
    let sum = 0;
    for (let h = 0; h < size; h++) sum += ofHidden[h]! * contributions[row + h]!;
    gradient[t]! += lambda * sum;
  }
}

/** Of the total variation, by the logits, or by what the hidden layer gets before tanh. */
function hiddenGradient(decoder: Decoder, hidden: Float64Array, output: Float64Array, own: Float64Array): Float64Array {
  if (decoder.kind === "linear") return Float64Array.of(Math.sign(output[1]! - own[1]!) * output[0]! * output[1]!);
  const direction = output.map((probability, label) => Math.sign(probability - own[label]!));
  const mean = output.reduce((sum, probability, label) => sum + direction[label]! * probability, 0);
  const ofLogits = output.map((probability, label) => 0.5 * probability * (direction[label]! - mean));
  if (decoder.kind === "softmax") return ofLogits;
  const { weights } = decoder;
  const possible = possibleAnswers(decoder);
  const gradient = new Float64Array(hidden.length);
  const classes = output.length;
  for (let h = 0; h < hidden.length; h++) {
    let sum = 0;
    for (let i = 0; i < possible.length; i++) sum += ofLogits[possible[i]!]! * weights[h * classes + possible[i]!]!;
    gradient[h] = sum * (1 - hidden[h]! ** 2);
  }
  return gradient;
}
