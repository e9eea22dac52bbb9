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

/** How many words the text of a decoder has. */
export function wordsOf(decoder: Decoder): number {
  return decoder.kind === "linear" ? decoder.contributions.length : decoder.projected.length / decoder.offset.length;
}

/** Numerically safe 1 / (1 + exp(-x)). */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/**
 * The output for an attention over the text's words: the probability of every class.
 *
 * @param attention one weight per word
 */
export function decode(decoder: Decoder, attention: ArrayLike<number>): Float64Array {
  if (decoder.kind === "linear") {
    const { contributions, bias } = decoder;
    let logit = bias;
    for (let t = 0; t < contributions.length; t++) logit += attention[t]! * contributions[t]!;
    return Float64Array.of(sigmoid(-logit), sigmoid(logit));
  }
  return softmaxOver(logitsOf(decoder, attention), decoder.candidates);
}

function logitsOf({ projected, offset, weights, bias }: TanhDecoder, attention: ArrayLike<number>): Float64Array {
  const size = offset.length;
  const hidden = Float64Array.from(offset);
  for (let t = 0; t < attention.length; t++) {
    const weight = attention[t]!;
    if (weight === 0) continue;
    for (let h = 0; h < size; h++) hidden[h]! += weight * projected[t * size + h]!;
  }
  const logits = Float64Array.from(bias);
  for (let h = 0; h < size; h++) {
    const value = Math.tanh(hidden[h]!);
    for (let c = 0; c < logits.length; c++) logits[c]! += value * weights[h * logits.length + c]!;
  }
  return logits;
}

/** Probabilities of the candidates (all classes without any), 0 elsewhere. */
function softmaxOver(logits: Float64Array, candidates?: ArrayLike<number>): Float64Array {
  const possible = candidates ?? logits.map((_, label) => label);
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < possible.length; i++) largest = Math.max(largest, logits[possible[i]!]!);
  const output = new Float64Array(logits.length);
  let sum = 0;
  for (let i = 0; i < possible.length; i++) sum += output[possible[i]!] = Math.exp(logits[possible[i]!]! - largest);
  for (let c = 0; c < output.length; c++) output[c]! /= sum;
  return output;
}
