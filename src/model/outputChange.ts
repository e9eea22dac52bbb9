import { type Decoder, decode, type LinearDecoder, sigmoid, type TanhDecoder } from "./decoder";

/** Measures how far a text's output moves with another attention, and in which direction of the attention it moves most. */
export interface ChangeMeter {
  /** Total variation to the own output, for the weights from `from` on. */
  measure(weights: Float64Array, from: number): number;
  /** Adds `factor` times the gradient of the change last measured, by the weights, to `gradient` from `from` on. */
  addGradient(gradient: Float64Array, from: number, factor: number): void;
}

/** A meter for one text, without allocations when it measures. @param own the model's own attention, one weight per word */
export function changeMeter(decoder: Decoder, own: ArrayLike<number>): ChangeMeter {
  const output = decode(decoder, own);
  return decoder.kind === "linear" ? new LinearMeter(decoder, output[1]!) : new TanhMeter(decoder, output);
}

class LinearMeter implements ChangeMeter {
  private slope = 0;

  constructor(
    private readonly decoder: LinearDecoder,
    private readonly own: number,
  ) {}

  measure(weights: Float64Array, from: number): number {
    const { contributions, bias } = this.decoder;
    let logit = bias;
    for (let t = 0; t < contributions.length; t++) logit += weights[from + t]! * contributions[t]!;
    const p = sigmoid(logit);
    this.slope = Math.sign(p - this.own) * p * (1 - p);
    return Math.abs(p - this.own);
  }

  addGradient(gradient: Float64Array, from: number, factor: number): void {
    const { contributions } = this.decoder;
    const scale = factor * this.slope;
    for (let t = 0; t < contributions.length; t++) gradient[from + t]! += scale * contributions[t]!;
  }
}

class TanhMeter implements ChangeMeter {
  private readonly hidden: Float64Array;
  private readonly output: Float64Array;
  private readonly possible: ArrayLike<number>;
  private readonly projected: Float64Array;
  private readonly weights: Float64Array;

  constructor(
    private readonly decoder: TanhDecoder,
    private readonly own: Float64Array,
  ) {
    this.hidden = new Float64Array(decoder.offset.length);
    this.output = new Float64Array(decoder.bias.length);
    this.possible = decoder.candidates ?? Int32Array.from(decoder.bias.keys());
    this.projected = Float64Array.from(decoder.projected);
    this.weights = Float64Array.from(decoder.weights);
  }

  measure(weights: Float64Array, from: number): number {
    this.readWords(weights, from);
    this.answer();
    let change = 0;
    for (let i = 0; i < this.possible.length; i++) {
      change += Math.abs(this.output[this.possible[i]!]! - this.own[this.possible[i]!]!);
    }
    return change / 2;
  }

  /** hidden = tanh(Σ_t a_t P_t + offset) */
  private readWords(weights: Float64Array, from: number): void {
    const { hidden, projected } = this;
    const { offset } = this.decoder;
    const size = hidden.length;
    for (let h = 0; h < size; h++) hidden[h] = offset[h]!;
    const words = projected.length / size;
    for (let t = 0; t < words; t++) {
      const weight = weights[from + t]!;
      const row = t * size;
      for (let h = 0; h < size; h++) hidden[h]! += weight * projected[row + h]!;
    }
    for (let h = 0; h < size; h++) hidden[h] = Math.tanh(hidden[h]!);
  }

  /** output = softmax(hidden W + bias) over the possible answers */
  private answer(): void {
    const { hidden, output, possible, weights } = this;
    const classes = output.length;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < possible.length; i++) {
      const label = possible[i]!;
      let logit = this.decoder.bias[label]!;
      for (let h = 0; h < hidden.length; h++) logit += hidden[h]! * weights[h * classes + label]!;
      output[label] = logit;
      if (logit > largest) largest = logit;
    }
    let sum = 0;
    for (let i = 0; i < possible.length; i++) sum += output[possible[i]!] = Math.exp(output[possible[i]!]! - largest);
    for (let i = 0; i < possible.length; i++) output[possible[i]!]! /= sum;
  }

  addGradient(gradient: Float64Array, from: number, factor: number): void {
    const { hidden, output, possible, projected, weights } = this;
    const classes = output.length;
    let mean = 0;
    for (let i = 0; i < possible.length; i++) mean += this.direction(possible[i]!) * output[possible[i]!]!;
    for (let h = 0; h < hidden.length; h++) {
      let sum = 0;
      for (let i = 0; i < possible.length; i++) {
        const label = possible[i]!;
        sum += weights[h * classes + label]! * output[label]! * (this.direction(label) - mean);
      }
      hidden[h] = 0.5 * factor * sum * (1 - hidden[h]! ** 2);
    }
    const size = hidden.length;
    const words = projected.length / size;
    for (let t = 0; t < words; t++) {
      let sum = 0;
      const row = t * size;
      for (let h = 0; h < size; h++) sum += projected[row + h]! * hidden[h]!;
      gradient[from + t]! += sum;
    }
  }

  private direction(label: number): number {
    return Math.sign(this.output[label]! - this.own[label]!);
  }
}
