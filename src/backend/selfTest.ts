import { bilstm, plainBilstm } from "./bilstm";
import { loadBackend, tf } from "./tensorflow";

/** One check of the backend against plain JavaScript. */
export interface SelfTestResult {
  name: string;
  /** Largest difference between the two answers; below 1e-4 is right for float32. */
  maxDifference: number;
  milliseconds: number;
}

/** Checks in about a second that the backend computes what it should: a matrix product, and one step of the BiLSTM. */
export async function selfTest(): Promise<SelfTestResult[]> {
  await loadBackend();
  return [matrixProduct(), lstmStep()];
}

/** Numbers that look irregular, between -1 and 1. */
function values(count: number, phase: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + phase));
}

function matrixProduct(): SelfTestResult {
  const n = 128;
  const [a, b] = [values(n * n, 1), values(n * n, 2)];
  const started = performance.now();
  const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [n, n]), tf.tensor2d(b, [n, n])).dataSync<"float32">());
  const milliseconds = performance.now() - started;
  const expected = product.map((_, index) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(index / n) * n + k]! * b[k * n + (index % n)]!;
    return sum;
  });
  return { name: "matrix product", maxDifference: largestDifference(product, expected), milliseconds };
}

function lstmStep(): SelfTestResult {
  const [words, batch, hidden] = [4, 3, 8];
  let milliseconds = 0;
  const maxDifference = tf.tidy(() => {
    const projected = tf.tensor2d(values(words * 8 * hidden, 3), [words, 8 * hidden]);
    const recurrent = tf.tensor3d(values(8 * hidden * hidden, 4), [2, hidden, 4 * hidden]);
    const rows = tf.tensor2d([0, 1, 2, 3, 0, 1], [2, batch], "int32");
    const sequences = { rows, lengths: tf.tensor1d([2, 1, 2], "int32") };
    const started = performance.now();
    const states = bilstm(projected, recurrent, sequences).dataSync();
    milliseconds = performance.now() - started;
    return largestDifference(states, plainBilstm(projected, recurrent, sequences).dataSync());
  });
  return { name: "BiLSTM step", maxDifference, milliseconds };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}
