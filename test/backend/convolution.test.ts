import assert from "node:assert/strict";
import { before, test } from "node:test";
import { convolution, plainConvolution } from "../../src/backend/convolution";
import { isNative, loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom, type Random } from "../../src/stats/random";
import { assertAllClose } from "../close";

before(() => loadBackend());
const skip = process.env.ATTENTION_BACKEND === "wasm" && "the fused kernel is native";

const widths = [1, 3, 5, 7];

interface Shape {
  words: number;
  time: number;
  batch: number;
  filters: number;
}

const normals = (random: Random, shape: number[]) =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );

function randomInput(random: Random, { words, time, batch, filters }: Shape) {
  const rows = Array.from({ length: time * batch }, () => random.integer(words));
  const lengths = Array.from({ length: batch }, (_, b) => (b === 0 ? time : 1 + random.integer(time)));
  return {
    projected: normals(random, [words, 16 * filters]) as tf.Tensor2D,
    bias: normals(random, [4 * filters]) as tf.Tensor1D,
    sequences: { rows: tf.tensor2d(rows, [time, batch], "int32"), lengths: tf.tensor1d(lengths, "int32") },
    seen: normals(random, [time, batch, 4 * filters]),
  };
}

/** States, and the gradients of a weighted sum of them. */
function everything(compute: typeof convolution, { projected, bias, sequences, seen }: ReturnType<typeof randomInput>) {
  return tf.tidy(() => {
    const states = compute(projected, bias, sequences, widths).dataSync<"float32">();
    const weighted = (table: tf.Tensor, offsets: tf.Tensor) =>
      tf.sum<tf.Scalar>(tf.mul(compute(table as tf.Tensor2D, offsets as tf.Tensor1D, sequences, widths), seen));
    const [ofProjected, ofBias] = tf.grads(weighted)([projected, bias]);
    return { states, ofProjected: ofProjected!.dataSync(), ofBias: ofBias!.dataSync() };
  });
}

test("the fused convolution and its gradient are those of plain operations, on random shapes", { skip }, () => {
  assert.ok(isNative());
  const random = createRandom("convolution");
  const shapes: Shape[] = [
    { words: 1, time: 1, batch: 1, filters: 1 },
    { words: 3, time: 2, batch: 4, filters: 5 },
    { words: 40, time: 12, batch: 7, filters: 32 },
    ...Array.from({ length: 8 }, () => ({
      words: 1 + random.integer(12),
      time: 1 + random.integer(12),
      batch: 1 + random.integer(6),
      filters: 1 + random.integer(9),
    })),
  ];
  for (const shape of shapes) {
    const input = randomInput(random, shape);
    const [fused, plain] = [everything(convolution, input), everything(plainConvolution, input)];
    const what = JSON.stringify(shape);
    assertAllClose(fused.states, plain.states, `states of ${what}`, 5e-6);
    assertAllClose(fused.ofProjected, plain.ofProjected, `gradient of projected of ${what}`, 5e-5);
    assertAllClose(fused.ofBias, plain.ofBias, `gradient of bias of ${what}`, 5e-5);
  }
});

test("a state is zero beyond a sequence's length, and what stands there is not seen before it", () => {
  const input = randomInput(createRandom("padding"), { words: 6, time: 9, batch: 2, filters: 2 });
  const lengths = tf.tensor1d([4, 9], "int32");
  const rowsWith = (padding: number) => {
    const rows = Array.from({ length: 18 }, (_, index) => (index % 2 === 0 && index >= 8 ? padding : index % 4));
    return { rows: tf.tensor2d(rows, [9, 2], "int32"), lengths };
  };
  const statesWith = (padding: number) =>
    convolution(input.projected, input.bias, rowsWith(padding), widths).dataSync<"float32">();
  const [one, other] = [statesWith(4), statesWith(5)];
  assert.deepEqual(one, other);
  for (let t = 4; t < 9; t++) assert.ok(one.slice(t * 16, t * 16 + 8).every((value) => value === 0));
  assert.ok(one.slice(3 * 16, 3 * 16 + 8).some((value) => value > 0));
});

test("the fused convolution refuses what does not fit, with a sentence", { skip }, () => {
  const { projected, bias, sequences } = randomInput(createRandom("wrong"), {
    words: 4,
    time: 3,
    batch: 2,
    filters: 2,
  });
  const rows = tf.tensor2d([0, 1, 2, 4, 0, 1], [3, 2], "int32");
  assert.throws(
    () => convolution(projected, bias, { ...sequences, rows }, widths),
    /rows names a row that projected lacks/,
  );
  assert.throws(() => convolution(projected, bias, sequences, [1, 2]), /widths must be odd/);
  assert.throws(() => convolution(projected, bias, sequences, [1, 3, 5]), /wrong number of columns/);
  assert.throws(() => convolution(projected, tf.zeros([7]), sequences, widths), /bias has the wrong shape/);
});
