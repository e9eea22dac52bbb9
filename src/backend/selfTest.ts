import { bilstm, plainBilstm } from "./bilstm";
import { freed, loadBackend, tf } from "./tensorflow";

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

function check(name: string, compute: () => tf.Tensor, expect: () => ArrayLike<number>): SelfTestResult {
  const started = performance.now();
  const received = freed(() => compute().dataSync());
  const milliseconds = performance.now() - started;
  const expected = freed(expect);
  const differences = Array.from(received, (value, index) => Math.abs(value - expected[index]!));
  return { name, maxDifference: Math.max(...differences), milliseconds };
}

/** Numbers that look irregular, between -1 and 1. */
function values(count: number, phase: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + phase));
}

function matrixProduct(): SelfTestResult {
  const n = 128;
  const [a, b] = [values(n * n, 1), values(n * n, 2)];
  const product = () => tf.matMul(tf.tensor2d(a, [n, n]), tf.tensor2d(b, [n, n]));
  return check("matrix product", product, () =>
    a.map((_, index) => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[Math.floor(index / n) * n + k]! * b[k * n + (index % n)]!;
      return sum;
    }),
  );
}

function lstmStep(): SelfTestResult {
  const [words, batch, hidden] = [4, 3, 8];
  const states = (compute: typeof bilstm) => {
    const projected = tf.tensor2d(values(words * 8 * hidden, 3), [words, 8 * hidden]);
    const recurrent = tf.tensor3d(values(8 * hidden * hidden, 4), [2, hidden, 4 * hidden]);
    const rows = tf.tensor2d([0, 1, 2, 3, 0, 1], [2, batch], "int32");
    return compute({ projected, recurrent }, { rows, lengths: tf.tensor1d([2, 1, 2], "int32") });
  };
  return check(
    "BiLSTM step",
    () => states(bilstm),
    () => states(plainBilstm).dataSync(),
  );
}
