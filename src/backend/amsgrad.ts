import { isNative, runKernel, tf } from "./tensorflow";

/**
 * A trained tensor and the state that Adam keeps for it. The four tensors have the same shape and are overwritten in
 * place by the fused kernel: nothing else may share their memory. `clone` and `reshape` do, and so may a Float32Array
 * that a tensor is made of: two tensors made of one array can be one piece of memory.
 */
export interface Parameter {
  value: tf.Tensor;
  mean: tf.Tensor;
  variance: tf.Tensor;
  maximum: tf.Tensor;
}

/** The settings of one step of Adam with AMSGrad. */
export interface AmsgradSettings {
  learningRate: number;
  /** Factor of the L2 term: `decay * value` is added to the gradient, in every row. */
  decay: number;
  /** Which update this is, from 1. */
  step: number;
  /**
   * Where the 1e-8 of the denominator stands: "outside" the bias correction as in the PyTorch of 2019 (the default, and
   * what the paper's runs used), or "inside" as in PyTorch since 1.3.
   */
  epsilonPlacement?: "outside" | "inside";
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** A parameter with the given first value, which it owns from now on. */
export function createParameter(value: tf.Tensor): Parameter {
  const zeros = () => tf.zeros(value.shape);
  return { value, mean: zeros(), variance: zeros(), maximum: zeros() };
}

/** Frees the parameter's memory. */
export function disposeParameter(parameter: Parameter): void {
  tf.dispose([parameter.value, parameter.mean, parameter.variance, parameter.maximum]);
}

/**
 * One step of Adam with AMSGrad (Reddi et al. 2018) and an L2 term, as `torch.optim.Adam(amsgrad=True, weight_decay=decay)`.
 *
 * @param gradient of the parameter's shape; or with `rows` only the gradient of those rows, [rows, columns]
 * @param rows distinct row numbers, int32; every other row's gradient is the L2 term alone
 */
export function amsgradStep(
  parameter: Parameter,
  gradient: tf.Tensor,
  settings: AmsgradSettings,
  rows?: tf.Tensor1D,
): void {
  const correction1 = 1 - beta1 ** settings.step;
  const correction2 = Math.sqrt(1 - beta2 ** settings.step);
  const stepSize = (settings.learningRate * correction2) / correction1;
  const offset = settings.epsilonPlacement === "inside" ? epsilon * correction2 : epsilon;
  const step = isNative() ? fusedStep : plainStep;
  tf.tidy(() => step(parameter, gradient, [stepSize, offset, settings.decay], rows));
}

type Constants = [stepSize: number, offset: number, decay: number];

function fusedStep(p: Parameter, gradient: tf.Tensor, [stepSize, offset, decay]: Constants, rows?: tf.Tensor1D): void {
  const settings = tf.tensor1d([stepSize, beta1, beta2, offset, decay]);
  const which = rows ?? tf.tensor1d([], "int32");
  runKernel("AttentionAmsgrad", {}, [p.value, p.mean, p.variance, p.maximum, which, gradient, settings], 1);
}

/** The same step in plain operations: the tested reference, and what computes without libtensorflow. */
export function plainStep(
  p: Parameter,
  gradient: tf.Tensor,
  [stepSize, offset, decay]: Constants,
  rows?: tf.Tensor1D,
): void {
  const dense = rows ? tf.scatterND(tf.expandDims(rows, 1), gradient, p.value.shape) : gradient;
  const g = tf.add(dense, tf.mul(p.value, decay));
  const mean = tf.add(tf.mul(p.mean, beta1), tf.mul(g, 1 - beta1));
  const variance = tf.add(tf.mul(p.variance, beta2), tf.mul(tf.square(g), 1 - beta2));
  const maximum = tf.maximum(p.maximum, variance);
  const value = tf.sub(p.value, tf.div(tf.mul(mean, stepSize), tf.add(tf.sqrt(maximum), offset)));
  disposeParameter(p);
  Object.assign(p, {
    value: tf.keep(value),
    mean: tf.keep(mean),
    variance: tf.keep(variance),
    maximum: tf.keep(maximum),
  });
}
