import { totalVariation } from "../stats/divergence";

/** A classifier's decoder for one text: p = σ(Σ_t a_t s_t + bias), the output is [1 - p, p]. */
export interface LinearDecoder {
  kind: "linear";
  /** s_t = θ · h_t of every word, [words]. */
  contributions: Float32Array;
  bias: number;
}

/** The decoder for one text with a question: softmax(W tanh(Σ_t a_t P_t + offset) + bias) over the possible answers. */
export interface TanhDecoder {
  kind: "tanh";
  /** P_t = W_p h_t of every word, [words, hidden]. */
  projected: Float32Array;
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
export type Decoder = LinearDecoder | TanhDecoder;

/** What the attention weights, [words, size], and what is added to it, [size]: of a linear decoder one number each. */
export function layerOf(decoder: Decoder): { rows: Float32Array; offset: ArrayLike<number> } {
  return decoder.kind === "linear"
    ? { rows: decoder.contributions, offset: [decoder.bias] }
    : { rows: decoder.projected, offset: decoder.offset };
}

/** The same decoder of other words. @param rows what they contribute, [words, size] */
export function withRows(decoder: Decoder, change: (rows: Float32Array, size: number) => Float32Array): Decoder {
  return decoder.kind === "linear"
    ? { ...decoder, contributions: change(decoder.contributions, 1) }
    : { ...decoder, projected: change(decoder.projected, decoder.offset.length) };
}

/** How many words the text of a decoder has. */
export function wordsOf(decoder: Decoder): number {
  const { rows, offset } = layerOf(decoder);
  return rows.length / offset.length;
}

/** Numerically safe 1 / (1 + exp(-x)). */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** exp(x_i) / Σ_j exp(x_j). */
export function softmax(values: ArrayLike<number>): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  const exponentials = Float64Array.from(values, (value) => Math.exp(value - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((exponential) => exponential / sum);
}

/**
 * The output for an attention over the text's words: the probability of every class.
 *
 * @param attention one weight per word
 */
export function decode(decoder: Decoder, attention: ArrayLike<number>): Float64Array {
  return outputOf(decoder, readWords(decoder, attention));
}

/** The logit, or the hidden layer tanh(Σ_t a_t P_t + offset). */
function readWords(decoder: Decoder, attention: ArrayLike<number>): Float64Array {
  const { rows, offset } = layerOf(decoder);
  const size = offset.length;
  const sums = Float64Array.from(offset);
  for (let t = 0; t < attention.length; t++) {
    const weight = attention[t]!;
    if (weight === 0) continue;
    for (let i = 0; i < size; i++) sums[i]! += weight * rows[t * size + i]!;
  }
  return decoder.kind === "linear" ? sums : sums.map(Math.tanh);
}

function outputOf(decoder: Decoder, hidden: Float64Array): Float64Array {
  if (decoder.kind === "linear") return Float64Array.of(sigmoid(-hidden[0]!), sigmoid(hidden[0]!));
  const { weights, bias } = decoder;
  const possible = possibleAnswers(decoder);
  const logits = Float64Array.from(possible, (label) => {
    let logit = bias[label]!;
    for (let h = 0; h < hidden.length; h++) logit += hidden[h]! * weights[h * bias.length + label]!;
    return logit;
  });
  const output = new Float64Array(bias.length);
  for (const [answer, probability] of softmax(logits).entries()) output[possible[answer]!] = probability;
  return output;
}

/** Labels of the answers that a text may have: where a corpus has many, they are few of all. */
export function possibleAnswers({ candidates, bias }: TanhDecoder): Int32Array {
  return candidates ?? Int32Array.from(bias.keys());
}

/**
 * How far an attention moves the output, and in which direction of the attention it moves most.
 *
 * @param own the output that it is moved from
 * @param weights one per word
 * @returns total variation to `own`, and a function for `factor` times its gradient by the weights
 */
export function outputChange(decoder: Decoder, own: Float64Array, weights: Float64Array) {
  const hidden = readWords(decoder, weights);
  const output = outputOf(decoder, hidden);
  const gradient = (factor: number) => {
    const { rows } = layerOf(decoder);
    const ofHidden = hiddenGradient(decoder, hidden, output, own, factor);
    return weights.map((_, t) => ofHidden.reduce((sum, value, h) => sum + value * rows[t * hidden.length + h]!, 0));
  };
  return { change: totalVariation(output, own), gradient };
}

/** By the logit, or by what the hidden layer gets before tanh. */
function hiddenGradient(
  decoder: Decoder,
  hidden: Float64Array,
  output: Float64Array,
  own: Float64Array,
  factor: number,
): Float64Array {
  const direction = output.map((probability, label) => Math.sign(probability - own[label]!));
  if (decoder.kind === "linear") return Float64Array.of(factor * direction[1]! * output[0]! * output[1]!);
  const mean = output.reduce((sum, probability, label) => sum + direction[label]! * probability, 0);
  const ofLogits = output.map((probability, label) => 0.5 * factor * probability * (direction[label]! - mean));
  const { weights } = decoder;
  const possible = possibleAnswers(decoder);
  return hidden.map((value, h) => {
    const sum = possible.reduce((sum, label) => sum + ofLogits[label]! * weights[h * output.length + label]!, 0);
    return sum * (1 - value ** 2);
  });
}
