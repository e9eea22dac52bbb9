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
  const possible = decoder.candidates ?? decoder.bias.map((_, label) => label);
  return softmaxOver(possible, logitsOf(decoder, attention, possible), decoder.bias.length);
}

/** The logits of the possible answers alone: where a corpus has many, they are few of all. */
function logitsOf(
  { projected, offset, weights, bias }: TanhDecoder,
  attention: ArrayLike<number>,
  possible: ArrayLike<number>,
): Float64Array {
  const size = offset.length;
  const hidden = Float64Array.from(offset);
  for (let t = 0; t < attention.length; t++) {
    const weight = attention[t]!;
    if (weight === 0) continue;
    for (let h = 0; h < size; h++) hidden[h]! += weight * projected[t * size + h]!;
  }
  for (let h = 0; h < size; h++) hidden[h] = Math.tanh(hidden[h]!);
  return Float64Array.from(possible, (label) => {
    let logit = bias[label]!;
    for (let h = 0; h < size; h++) logit += hidden[h]! * weights[h * bias.length + label]!;
    return logit;
  });
}

/** Probabilities of the possible answers, 0 elsewhere. */
function softmaxOver(possible: ArrayLike<number>, logits: Float64Array, classes: number): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  const output = new Float64Array(classes);
  for (let i = 0; i < possible.length; i++) output[possible[i]!] = exponentials[i]! / sum;
  return output;
}
