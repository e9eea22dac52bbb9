import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { normalizations } from "../../src/model/attentionWeights";
import { masked } from "../../src/model/batch";
import { createRandom } from "../../src/stats/random";
import { assertAllClose } from "../close";

before(() => loadBackend());

const random = createRandom("attention weights");
const [time, batch] = [7, 40];
const lengths = Array.from({ length: batch }, () => 1 + random.integer(time));
const maskRows = Array.from({ length: time }, (_, t) => lengths.map((length) => (t < length ? 0 : masked)));
const scores = Array.from({ length: time }, () => lengths.map(() => 1.5 * random.normal()));

/** Column b of the weights. */
const column = (weights: number[][], b: number) => weights.map((row) => row[b]!);

for (const [name, { ofBatch }] of Object.entries(normalizations)) {
  test(`${name} weights sum to 1 over the words and are exactly zero elsewhere`, async () => {
    await loadBackend();
    const weights = tf.tidy(() => ofBatch(tf.tensor2d(scores), tf.tensor2d(maskRows)).arraySync());
    for (const [b, length] of lengths.entries()) {
      const values = column(weights, b);
      assert.ok(values.slice(length).every((value) => value === 0));
      assert.ok(values.every((value) => value >= 0));
      assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-6);
    }
  });
}

test("sparsemax is the nearest point of the simplex", () => {
  const weights = tf.tidy(() =>
    normalizations.sparsemax.ofBatch(tf.tensor2d(scores), tf.tensor2d(maskRows)).arraySync(),
  );
  const distance = (p: number[], z: number[]) => p.reduce((sum, value, t) => sum + (value - z[t]!) ** 2, 0);
  let zeros = 0;
  for (const [b, length] of lengths.entries()) {
    const [own, z] = [column(weights, b).slice(0, length), column(scores, b).slice(0, length)];
    zeros += own.filter((value) => value === 0).length;
    for (let trial = 0; trial < 200; trial++) {
      const drawn = own.map(() => -Math.log(random.uniform() + 1e-12));
      const sum = drawn.reduce((total, value) => total + value, 0);
      const share = random.uniform();
      const other = own.map((value, t) => (1 - share) * value + (share * drawn[t]!) / sum);
      assert.ok(distance(other, z) >= distance(own, z) - 1e-5);
    }
  }
  assert.ok(zeros > 20, "some words get nothing");
});

test("the gradient of sparsemax is the difference quotient", () => {
  const direction = Array.from({ length: time }, () => lengths.map(() => random.normal()));
  const valueAt = (step: number) => {
    const moved = scores.map((row, t) => row.map((score, b) => score + step * direction[t]![b]!));
    return tf.tidy(() => normalizations.sparsemax.ofBatch(tf.tensor2d(moved), tf.tensor2d(maskRows)).arraySync());
  };
  const seen = Array.from({ length: time }, () => lengths.map(() => random.normal()));
  const gradient = tf.tidy(() => {
    const weighted = (z: tf.Tensor) =>
      tf.sum<tf.Scalar>(tf.mul(normalizations.sparsemax.ofBatch(z as tf.Tensor2D, tf.tensor2d(maskRows)), seen));
    return tf.grad(weighted)(tf.tensor2d(scores)).arraySync() as number[][];
  });
  const step = 1e-3;
  const [above, below] = [valueAt(step), valueAt(-step)];
  const sum = (of: (t: number, b: number) => number, b: number) =>
    Array.from({ length: time }, (_, t) => of(t, b)).reduce((total, value) => total + value, 0);
  const sameSupport = lengths.flatMap((_, b) => {
    const support = (weights: number[][]) =>
      column(weights, b)
        .map((value) => value > 0)
        .join();
    return support(above) === support(below) ? [b] : [];
  });
  assert.ok(sameSupport.length > 30);
  const quotients = sameSupport.map((b) =>
    sum((t) => (seen[t]![b]! * (above[t]![b]! - below[t]![b]!)) / (2 * step), b),
  );
  const products = sameSupport.map((b) => sum((t) => gradient[t]![b]! * direction[t]![b]!, b));
  assertAllClose(products, quotients, "directional derivative", 1e-3);
});
