import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Amsgrad } from "../../src/backend/amsgrad";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom, type Random } from "../../src/stats/random";
import { assertAllClose } from "../close";

before(() => loadBackend());

function normals(random: Random, shape: number[]): number[] {
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal());
}

/** One update written out in doubles, over all rows. */
function reference(
  state: { w: number; m: number; v: number; top: number },
  gradient: number,
  decay: number,
  t: number,
) {
  const g = gradient + decay * state.w;
  state.m = 0.9 * state.m + 0.1 * g;
  state.v = 0.999 * state.v + 0.001 * g * g;
  state.top = Math.max(state.top, state.v);
  const size = (0.01 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
  state.w -= (size * state.m) / (Math.sqrt(state.top) + 1e-8);
}

const cases: { shape: number[]; rows?: number[] }[] = [
  { shape: [1] },
  { shape: [7] },
  { shape: [2, 9, 70] },
  { shape: [200, 130] },
  { shape: [6, 4], rows: [5, 0, 2] },
  { shape: [301, 65], rows: [300, 7, 150, 0, 151] },
];

for (const { shape, rows } of cases) {
  const what = rows ? `[${shape}] with gradients of rows ${rows}` : `[${shape}]`;
  test(`three updates over ${what} are those of the formula`, () => {
    const random = createRandom(what);
    const first = normals(random, shape);
    const optimizer = new Amsgrad({ weight: tf.tensor(first, shape) }, 0.01, () => ({ decay: 0.1, byRow: !!rows }));
    const states = Array.from(Float32Array.from(first), (w) => ({ w, m: 0, v: 0, top: 0 }));
    const columns = shape.at(-1)!;
    for (let step = 1; step <= 3; step++) {
      const gradientShape = rows ? [rows.length, columns] : shape;
      const gradient = tf.tensor(normals(random, gradientShape), gradientShape);
      optimizer.update({ weight: gradient }, { weight: rows && tf.tensor1d(rows, "int32") });
      const values = gradient.dataSync();
      states.forEach((state, index) => {
        const row = rows ? rows.indexOf(Math.floor(index / columns)) : Math.floor(index / columns);
        reference(state, row < 0 ? 0 : values[row * columns + (index % columns)]!, 0.1, step);
      });
    }
    const parts = { value: "w", mean: "m", variance: "v", maximum: "top" } as const;
    for (const [part, key] of Object.entries(parts)) {
      const expected = states.map((state) => state[key]);
      assertAllClose(optimizer.state()[`${part}/weight`]!.dataSync(), expected, `${part} of ${what}`, 1e-6);
    }
  });
}

/** A model's word vectors and those of its questions, with a thousand batches of frequent and rare words. */
function twins(words: number, columns: number, decay: number): Amsgrad[] {
  const create = (random: Random) =>
    new Amsgrad(
      { text: tf.tensor(normals(random, [words, columns]), [words, columns]), question: tf.ones([words, columns]) },
      1e-3,
      () => ({ decay, byRow: true }),
    );
  const optimizers = [create(createRandom("twins")), create(createRandom("twins"))];
  const random = createRandom("batches");
  const someRows = (most: number) =>
    [...new Set(Array.from({ length: most }, () => Math.floor(words ** random.uniform()) - 1))].slice(0, words);
  for (let step = 0; step < 1000; step++) {
    tf.tidy(() => {
      const rows = { text: tf.tensor1d(someRows(12), "int32"), question: tf.tensor1d(someRows(3), "int32") };
      const gradientOf = ({ size }: tf.Tensor) => tf.tensor2d(normals(random, [size, columns]), [size, columns]);
      const gradients = { text: gradientOf(rows.text), question: gradientOf(rows.question) };
      for (const [index, optimizer] of optimizers.entries()) {
        if (index === 0) optimizer.weights();
        else if (step % 3 === 0) optimizer.read("text", rows.question);
        optimizer.update(gradients, rows);
      }
    });
  }
  return optimizers;
}

for (const [words, columns] of [
  [5, 6],
  [60, 45],
  [700, 70],
] as const) {
  for (const decay of [0, 1e-5]) {
    test(`after 1,000 updates of ${words} x ${columns} with decay ${decay} rows read late have the bits of rows read each time`, () => {
      const [dense, lazy] = twins(words, columns, decay).map((optimizer) => optimizer.state());
      assert.equal(Object.keys(dense!).length, 8);
      for (const [name, tensor] of Object.entries(dense!)) {
        const [a, b] = [tensor, lazy![name]!].map((each) => Buffer.from(each.dataSync<"float32">().slice().buffer));
        assert.equal(Buffer.compare(a!, b!), 0, name);
      }
    });
  }
}

test("what was read cannot be read again after the next update", () => {
  const optimizer = new Amsgrad({ weight: tf.ones([4, 3]) }, 0.01, () => ({ decay: 0.1, byRow: true }));
  const rows = tf.tensor1d([1], "int32");
  const read = [optimizer.read("weight"), optimizer.weights().weight!, optimizer.state()["mean/weight"]!];
  optimizer.update({ weight: tf.ones([1, 3]) }, { weight: rows });
  for (const tensor of read) assert.throws(() => tensor.dataSync(), /disposed/);
  const before = tf.memory().numTensors;
  for (let update = 0; update < 2000; update++) {
    tf.tidy(() => optimizer.update({ weight: tf.neg(optimizer.read("weight", rows)) }, { weight: rows }));
  }
  assert.ok(tf.memory().numTensors <= before);
  optimizer.dispose();
});

test("an update is refused for what does not fit, and then nothing has changed", {
  skip: process.env.ATTENTION_BACKEND === "wasm" && "the kernel needs the native backend",
}, () => {
  const optimizer = new Amsgrad({ weight: tf.ones([4, 3]) }, 0.01, () => ({ decay: 0, byRow: true }));
  const update = (shape: number[], ...rows: number[]) =>
    optimizer.update({ weight: tf.ones(shape) }, { weight: tf.tensor1d(rows, "int32") });
  assert.throws(() => update([4, 2]), /gradient has the wrong size/);
  assert.throws(() => update([2, 3], 0, 4), /a row that the parameter lacks/);
  assert.throws(() => update([2, 3], 0, -1), /a row that the parameter lacks/);
  assert.throws(() => update([2, 3], 1, 1), /names a row twice/);
  assert.throws(() => update([3, 3], 1, 2), /gradient has the wrong size/);
  assert.ok(
    optimizer
      .read("weight")
      .dataSync()
      .every((value) => value === 1),
  );
});
