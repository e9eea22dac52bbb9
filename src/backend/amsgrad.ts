import { isNative, runKernel, tf } from "./tensorflow";

/** How one weight is trained. */
export interface Training {
  /** Factor of the L2 term: `decay * value` is added to the gradient, in every row. */
  decay: number;
  /** Whether an update has gradients of a few rows only; a row is then advanced by all updates that it missed when it is read. */
  byRow: boolean;
}

interface Parameter extends Training {
  /** The value and the state that Adam keeps for it, as `tableNames`, of one shape; the kernels overwrite them in place. */
  tables: tf.Tensor[];
  /** After which update each row stands as it is, int32; empty where all are up to date. */
  last: tf.Tensor1D;
}

const tableNames = ["value", "mean", "variance", "maximum"] as const;

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** The size of update number `step`, from 1, bias corrections included. */
const sizeOf = (learningRate: number, step: number) =>
  (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);

/**
 * Adam with AMSGrad (Reddi et al. 2018) and an L2 term, as `torch.optim.Adam(amsgrad=True, weight_decay=decay)` of the
 * paper's time: the 1e-8 of the denominator is added before the bias correction.
 *
 * It owns the weights. Whoever reads them gets tensors that are up to date and that the next update disposes, as it
 * overwrites their memory: what is stale cannot be read.
 */
export class Amsgrad {
  readonly #parameters: Record<string, Parameter>;
  readonly #learningRate: number;
  #step = 0;
  #sizes = tf.tensor1d([]);
  #handedOut: tf.Tensor[] = [];

  /** @param weights their memory is overwritten: nothing else may share it, as a `clone` or a Float32Array that was given may */
  constructor(weights: Record<string, tf.Tensor>, learningRate: number, trainingOf: (name: string) => Training) {
    this.#learningRate = learningRate;
    const entries = Object.entries(weights).map(([name, value]) => [name, createParameter(value, trainingOf(name))]);
    this.#parameters = Object.fromEntries(entries);
  }

  /** Updates done. */
  get step(): number {
    return this.#step;
  }

  get names(): string[] {
    return Object.keys(this.#parameters);
  }

  /** A weight, or some of its rows alone, [rows, columns]; valid until the next update. */
  read(name: string, rows?: tf.Tensor1D): tf.Tensor {
    const [value] = this.#upToDate(name, rows);
    return this.#handOut(rows ? tf.gather(value!, rows) : tf.clone(value!));
  }

  /** Every weight, valid until the next update. */
  weights(): Record<string, tf.Tensor> {
    return Object.fromEntries(this.names.map((name) => [name, this.read(name)]));
  }

  /** Weights and state by name, "value/..." and so on, for {@link restore}; valid until the next update. */
  state(): Record<string, tf.Tensor> {
    const entries = this.names.flatMap((name) =>
      this.#upToDate(name).map((table, index) => [`${tableNames[index]}/${name}`, this.#handOut(tf.clone(table))]),
    );
    return Object.fromEntries(entries);
  }

  /** One update. @param gradients by name; of a weight that is trained by row those of `rows`, distinct and int32 */
  update(gradients: Record<string, tf.Tensor>, rows: Record<string, tf.Tensor1D | undefined>): void {
    this.#begin();
    for (const [name, parameter] of Object.entries(this.#parameters)) {
      if (isNative()) this.#advance(parameter, gradients[name]!, rows[name]);
      else this.#plainUpdate(parameter, gradients[name]!, rows[name]);
    }
  }

  /**
   * One update by a kernel that computes the gradients too.
   *
   * @param names the weights in its order; undefined for one that the model lacks
   * @param setting what it gets beside this optimiser's settings
   */
  updateBy(kernel: string, inputs: tf.Tensor[], names: readonly (string | undefined)[], setting: number): Float32Array {
    this.#begin();
    return tf.tidy(() => {
      const lacking = { tables: tableNames.map(() => tf.tensor1d([])), last: tf.tensor1d([], "int32"), decay: 0 };
      const parameters = names.map((name) => (name === undefined ? lacking : this.#parameters[name]!));
      const settings = this.#settings([setting, ...parameters.map(({ decay }) => decay)]);
      const tables = parameters.flatMap(({ last, tables }) => [last, ...tables]);
      const [output] = runKernel(kernel, [...inputs, this.#sizesSoFar(), settings, ...tables], 1);
      return output!.dataSync<"float32">();
    });
  }

  /** Takes over tensors as {@link state} named them, which it owns from now on. @param step updates done */
  restore(state: Record<string, tf.Tensor>, step: number): void {
    this.#step = step;
    for (const [name, parameter] of Object.entries(this.#parameters)) {
      tf.dispose([...parameter.tables, parameter.last]);
      parameter.tables = tableNames.map((table) => state[`${table}/${name}`]!);
      parameter.last = tf.fill(parameter.last.shape, step, "int32");
    }
  }

  /** Frees all memory. */
  dispose(): void {
    tf.dispose([...this.#handedOut, this.#sizes]);
    for (const { tables, last } of Object.values(this.#parameters)) tf.dispose([...tables, last]);
  }

  #begin(): void {
    tf.dispose(this.#handedOut);
    this.#handedOut = [];
    this.#step += 1;
  }

  /** The sizes of the updates so far, and of some to come. */
  #sizesSoFar(): tf.Tensor {
    if (this.#step > this.#sizes.size) {
      this.#sizes.dispose();
      const sizes = Array.from({ length: 2 * this.#step + 1000 }, (_, index) => sizeOf(this.#learningRate, index + 1));
      this.#sizes = tf.keep(tf.tensor1d(sizes));
    }
    return this.#sizes;
  }

  #handOut(tensor: tf.Tensor): tf.Tensor {
    this.#handedOut.push(tensor);
    return tensor;
  }

  /** The tables of a weight, with these rows up to date, default all. */
  #upToDate(name: string, rows?: tf.Tensor1D): tf.Tensor[] {
    const parameter = this.#parameters[name]!;
    if (parameter.last.size > 0 && this.#step > 0) this.#advance(parameter, undefined, rows);
    return parameter.tables;
  }

  #settings(more: number[]): tf.Tensor {
    return tf.tensor1d([this.#step, beta1, beta2, epsilon, ...more]);
  }

  /** An update of these rows, default all; without a gradient they are brought up to date. */
  #advance({ tables, last, decay }: Parameter, gradient?: tf.Tensor, rows?: tf.Tensor1D): void {
    tf.tidy(() => {
      const given = [rows ?? tf.tensor1d([], "int32"), gradient ?? tf.tensor1d([]), this.#settings([decay])];
      runKernel("AttentionAmsgrad", [...tables, last, this.#sizesSoFar(), ...given], 1);
    });
  }

  /** The same update in plain operations over all rows, for where libtensorflow is not loaded. */
  #plainUpdate(parameter: Parameter, gradient: tf.Tensor, rows?: tf.Tensor1D): void {
    const [value, mean, variance, maximum] = parameter.tables as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const next = tf.tidy(() => {
      const dense = rows ? tf.scatterND(tf.expandDims(rows, 1), gradient, value.shape) : gradient;
      const g = tf.add(dense, tf.mul(value, parameter.decay));
      const m = tf.add(tf.mul(mean, beta1), tf.mul(g, 1 - beta1));
      const v = tf.add(tf.mul(variance, beta2), tf.mul(tf.square(g), 1 - beta2));
      const top = tf.maximum(maximum, v);
      const change = tf.div(tf.mul(m, sizeOf(this.#learningRate, this.#step)), tf.add(tf.sqrt(top), epsilon));
      return [tf.sub(value, change), m, v, top];
    });
    tf.dispose(parameter.tables);
    parameter.tables = next.map((table) => tf.keep(table));
  }
}

function createParameter(value: tf.Tensor, training: Training): Parameter {
  const state = tableNames.slice(1).map(() => tf.keep(tf.zeros(value.shape)));
  const last = tf.keep(tf.zeros<tf.Rank.R1>([training.byRow && isNative() ? value.shape[0]! : 0], "int32"));
  return { ...training, tables: [value, ...state], last };
}
