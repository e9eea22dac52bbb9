import assert from "node:assert/strict";
import { before, test } from "node:test";
import { amsgradStep, createParameter, type Parameter, plainStep } from "../../src/backend/amsgrad";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom, type Random } from "../../src/stats/random";
import { assertAllClose } from "../close";

const skip = process.env.ATTENTION_BACKEND === "wasm" && "the fused kernel needs the native backend";

before(() => loadBackend());

function normals(random: Random, shape: number[]): number[] {
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal());
}

function assertSame(fused: Parameter, plain: Parameter, what: string): void {
  for (const part of ["value", "mean", "variance", "maximum"] as const) {
    assertAllClose(fused[part].dataSync(), plain[part].dataSync(), `${part} of ${what}`, 1e-6);
  }
}

const cases: { shape: number[]; rows?: number[] }[] = [
  { shape: [1] },
  { shape: [7] },
  { shape: [3, 5] },
  { shape: [2, 9, 70] },
  { shape: [200, 130] },
  { shape: [6, 4], rows: [5, 0, 2] },
  { shape: [301, 65], rows: [300, 7, 150, 0, 151] },
];

for (const { shape, rows } of cases) {
  const what = rows ? `[${shape}] with gradients of rows ${rows}` : `[${shape}]`;
  test(`three fused steps over ${what} are those of plain operations`, { skip }, () => {
    const random = createRandom(what);
    const first = normals(random, shape);
    const [fused, plain] = [createParameter(tf.tensor(first, shape)), createParameter(tf.tensor(first, shape))];
    for (let step = 1; step <= 3; step++) {
      const gradientShape = rows ? [rows.length, ...shape.slice(1)] : shape;
      const gradient = tf.tensor(normals(random, gradientShape), gradientShape);
      const which = rows && tf.tensor1d(rows, "int32");
      amsgradStep(fused, gradient, { learningRate: 0.01, decay: 0.1, step }, which);
      const [correction1, correction2] = [1 - 0.9 ** step, Math.sqrt(1 - 0.999 ** step)];
      tf.tidy(() => plainStep(plain, gradient, [(0.01 * correction2) / correction1, 1e-8, 0.1], which));
      assertSame(fused, plain, `${what}, step ${step}`);
    }
    assert.ok(fused.value.dataSync().every((value, index) => value !== first[index]));
  });
}

test("the step is refused for what does not fit, and then nothing has changed", { skip }, () => {
  const settings = { learningRate: 0.01, decay: 0, step: 1 };
  const parameter = createParameter(tf.ones([4, 3]));
  const rows = (...ids: number[]) => tf.tensor1d(ids, "int32");
  assert.throws(() => amsgradStep(parameter, tf.ones([4, 2]), settings), /gradient has the wrong size/);
  assert.throws(() => amsgradStep(parameter, tf.ones([2, 3]), settings, rows(0, 4)), /a row that the parameter lacks/);
  assert.throws(() => amsgradStep(parameter, tf.ones([2, 3]), settings, rows(0, -1)), /a row that the parameter lacks/);
  assert.throws(() => amsgradStep(parameter, tf.ones([2, 3]), settings, rows(1, 1)), /names a row twice/);
  assert.throws(() => amsgradStep(parameter, tf.ones([3, 3]), settings, rows(1, 2)), /gradient has the wrong size/);
  const otherMean = { ...parameter, mean: tf.zeros([2, 3]) };
  assert.throws(() => amsgradStep(otherMean, tf.ones([4, 3]), settings), /mean has the wrong size/);
  assert.ok(parameter.value.dataSync().every((value) => value === 1));
});
