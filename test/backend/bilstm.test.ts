import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bilstm, plainBilstm, type Sequences } from "../../src/backend/bilstm";
import { isNative, loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom, type Random } from "../../src/stats/random";
import { assertAllClose } from "../close";

const skip = process.env.ATTENTION_BACKEND === "wasm" && "the fused kernel needs the native backend";

before(() => loadBackend());

function normals(random: Random, shape: number[]): tf.Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Array.from({ length: count }, () => random.normal()),
    shape,
  );
}

interface Shape {
  words: number;
  time: number;
  batch: number;
  hidden: number;
}

function randomInput(random: Random, { words, time, batch, hidden }: Shape) {
  const integers = (count: number, draw: () => number) => Int32Array.from({ length: count }, draw);
  const sequences: Sequences = {
    rows: tf.tensor2d(
      integers(time * batch, () => random.integer(words)),
      [time, batch],
      "int32",
    ),
    lengths: tf.tensor1d(
      integers(batch, () => 1 + random.integer(time)),
      "int32",
    ),
  };
  return {
    projected: normals(random, [words, 8 * hidden]) as tf.Tensor2D,
    recurrent: normals(random, [2, hidden, 4 * hidden]) as tf.Tensor3D,
    sequences,
    seen: normals(random, [time, batch, 2 * hidden]),
  };
}

type Bilstm = typeof bilstm;

/** States, and the gradients of a weighted sum of them. */
function everything(compute: Bilstm, { projected, recurrent, sequences, seen }: ReturnType<typeof randomInput>) {
  return tf.tidy(() => {
    const states = compute({ projected, recurrent }, sequences).dataSync<"float32">();
    const weighted = (table: tf.Tensor, weights: tf.Tensor) => {
      const recurrence = { projected: table as tf.Tensor2D, recurrent: weights as tf.Tensor3D };
      return tf.sum<tf.Scalar>(tf.mul(compute(recurrence, sequences), seen));
    };
    const [ofProjected, ofRecurrent] = tf.grads(weighted)([projected, recurrent]);
    return { states, ofProjected: ofProjected!.dataSync(), ofRecurrent: ofRecurrent!.dataSync() };
  });
}

test("the fused BiLSTM and its gradient are those of plain operations, on random shapes", { skip }, () => {
  assert.ok(isNative());
  const random = createRandom("bilstm");
  const shapes: Shape[] = [
    { words: 1, time: 2, batch: 1, hidden: 1 },
    { words: 3, time: 2, batch: 4, hidden: 5 },
    { words: 2, time: 9, batch: 3, hidden: 8 },
    { words: 60, time: 12, batch: 7, hidden: 16 },
    { words: 25, time: 5, batch: 32, hidden: 33 },
    ...Array.from({ length: 8 }, () => ({
      words: 1 + random.integer(12),
      time: 2 + random.integer(8),
      batch: 1 + random.integer(6),
      hidden: 1 + random.integer(20),
    })),
  ];
  for (const shape of shapes) {
    const input = randomInput(random, shape);
    const [fused, plain] = [everything(bilstm, input), everything(plainBilstm, input)];
    const what = JSON.stringify(shape);
    assertAllClose(fused.states, plain.states, `states of ${what}`, 2e-6);
    assertAllClose(fused.ofProjected, plain.ofProjected, `gradient of projected of ${what}`, 5e-5);
    assertAllClose(fused.ofRecurrent, plain.ofRecurrent, `gradient of recurrent of ${what}`, 5e-5);
  }
});

test("a batch of one position is the same as with padding behind it", { skip }, () => {
  const short = randomInput(createRandom("short"), { words: 3, time: 1, batch: 4, hidden: 5 });
  const rows = tf.concat([short.sequences.rows, short.sequences.rows]);
  const long = { ...short, sequences: { ...short.sequences, rows }, seen: tf.concat([short.seen, short.seen]) };
  const [alone, padded] = [everything(bilstm, short), everything(bilstm, long)];
  assertAllClose(alone.states, padded.states.slice(0, 4 * 10), "states", 1e-6);
  assertAllClose(alone.ofProjected, padded.ofProjected, "gradient of projected", 1e-6);
  assert.ok([...alone.ofRecurrent, ...padded.ofRecurrent].every((value) => value === 0));
});

test("a state beyond a sequence's length is exactly zero, and padding's rows get no gradient", () => {
  const input = randomInput(createRandom("padding"), { words: 4, time: 6, batch: 2, hidden: 3 });
  input.sequences.lengths = tf.tensor1d([2, 6], "int32");
  input.sequences.rows = tf.tensor2d([0, 1, 2, 1, 3, 1, 3, 2, 3, 1, 3, 2], [6, 2], "int32");
  const { states, ofProjected } = everything(bilstm, input);
  for (let t = 0; t < 6; t++) {
    const state = [...states.slice(t * 12, t * 12 + 6)];
    assert.ok(
      state.every((value) => (t < 2 ? value !== 0 : value === 0)),
      `first sequence at ${t}: ${state}`,
    );
  }
  assert.ok(ofProjected.slice(3 * 24).every((value) => value === 0));
  assert.ok(ofProjected.slice(0, 3 * 24).some((value) => value !== 0));
});

test("the fused BiLSTM refuses what does not fit, with a sentence", { skip }, () => {
  const fitting = randomInput(createRandom("wrong"), { words: 4, time: 3, batch: 2, hidden: 5 });
  const { projected, recurrent, sequences } = fitting;
  const { rows, lengths } = sequences;
  const row = (id: number) => ({ lengths, rows: tf.tensor2d([0, 1, 2, id, 0, 1], [3, 2], "int32") });
  const wrong: [string, () => unknown, RegExp][] = [
    [
      "a row that is not there",
      () => bilstm({ projected, recurrent }, row(4)),
      /rows names a row that projected lacks/,
    ],
    ["a negative row", () => bilstm({ projected, recurrent }, row(-1)), /rows names a row that projected lacks/],
    [
      "a narrow table",
      () => bilstm({ projected: tf.zeros([4, 39]), recurrent }, sequences),
      /projected has the wrong shape/,
    ],
    [
      "one direction",
      () => bilstm({ projected, recurrent: tf.zeros([1, 5, 20]) }, sequences),
      /recurrent has the wrong shape/,
    ],
    [
      "flat recurrent weights",
      () => bilstm({ projected, recurrent: tf.zeros<tf.Rank>([10, 20]) as tf.Tensor3D }, sequences),
      /wrong shape/,
    ],
    [
      "lengths of another batch",
      () => bilstm({ projected, recurrent }, { rows, lengths: tf.tensor1d([1, 2, 3], "int32") }),
      /lengths has the wrong shape/,
    ],
    [
      "flat rows",
      () => bilstm({ projected, recurrent }, { rows: tf.tensor1d([0, 1], "int32") as never, lengths }),
      /wrong shape/,
    ],
  ];
  for (const [what, call, message] of wrong) assert.throws(call, message, what);
  assert.equal(bilstm({ projected, recurrent }, sequences).shape.join(), "3,2,10");
});
