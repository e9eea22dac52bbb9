import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bilstm, type Sequences } from "../../src/backend/bilstm";
import { bilstmRemovals, plainBilstmRemovals } from "../../src/backend/bilstmRemovals";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom, type Random } from "../../src/stats/random";
import { assertAllClose } from "../close";

const skip = process.env.ATTENTION_BACKEND === "wasm" && "the fused kernel needs the native backend";

before(() => loadBackend());

interface Shape {
  words: number;
  time: number;
  batch: number;
  hidden: number;
}

function randomInput(random: Random, { words, time, batch, hidden }: Shape) {
  const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const rows = Int32Array.from({ length: time * batch }, () => random.integer(words));
  return {
    projected: tf.tensor2d(normals(words * 8 * hidden), [words, 8 * hidden]),
    recurrent: tf.tensor3d(
      normals(8 * hidden * hidden).map((value) => value / Math.sqrt(hidden)),
      [2, hidden, 4 * hidden],
    ),
    sequences: { rows: tf.tensor2d(rows, [time, batch], "int32"), lengths: fullLengths(batch, time) },
    rows,
  };
}

function fullLengths(batch: number, time: number): tf.Tensor1D {
  return tf.tensor1d(new Int32Array(batch).fill(time), "int32");
}

/** Some positions of words in ascending order, at least one. */
function somePositions(random: Random, time: number): number[] {
  const words = Array.from({ length: time - 2 }, (_, index) => index + 1);
  const chosen = words.filter(() => random.uniform() < 0.5);
  return chosen.length > 0 ? chosen : [1 + random.integer(time - 2)];
}

test("without a word, the states are those of reading the shorter text", () => {
  const [time, batch, hidden] = [7, 3, 4];
  const input = randomInput(createRandom("one by one"), { words: 5, time, batch, hidden });
  const removed = [1, 2, 4, 5];
  const states = bilstmRemovals(input.projected, input.recurrent, input.sequences, removed);
  assert.deepEqual(states.shape, [time - 3, removed.length * batch, 2 * hidden]);
  for (const [r, position] of removed.entries()) {
    for (let b = 0; b < batch; b++) {
      const text = Array.from({ length: time }, (_, t) => input.rows[t * batch + b]!);
      text.splice(position, 1);
      const alone: Sequences = {
        rows: tf.tensor2d(text, [time - 1, 1], "int32"),
        lengths: fullLengths(1, time - 1),
      };
      const expected = bilstm(input.projected, input.recurrent, alone).slice([1, 0, 0], [time - 3, 1, -1]);
      const received = states.slice([0, r * batch + b, 0], [-1, 1, -1]);
      assertAllClose(received.dataSync(), expected.dataSync(), `text ${b} without ${position}`, 1e-6);
    }
  }
});

test("the fused states without a word are those of plain operations, on random shapes", { skip }, () => {
  const random = createRandom("removals");
  const shapes: Shape[] = [
    { words: 1, time: 4, batch: 1, hidden: 1 },
    { words: 6, time: 4, batch: 5, hidden: 7 },
    { words: 40, time: 30, batch: 4, hidden: 16 },
    { words: 9, time: 12, batch: 1, hidden: 33 },
    ...Array.from({ length: 12 }, () => ({
      words: 1 + random.integer(12),
      time: 4 + random.integer(8),
      batch: 1 + random.integer(6),
      hidden: 1 + random.integer(20),
    })),
  ];
  for (const shape of shapes) {
    const { projected, recurrent, sequences } = randomInput(random, shape);
    const every = Array.from({ length: shape.time - 2 }, (_, index) => index + 1);
    for (const removed of [every, somePositions(random, shape.time)]) {
      const fused = bilstmRemovals(projected, recurrent, sequences, removed);
      const plain = plainBilstmRemovals(projected, recurrent, sequences, removed);
      const what = `${JSON.stringify(shape)} without ${removed}`;
      assert.deepEqual(fused.shape, plain.shape);
      assertAllClose(fused.dataSync(), plain.dataSync(), what, 2e-6);
    }
  }
});

test("it keeps no tensor", () => {
  const { projected, recurrent, sequences } = randomInput(createRandom("leak"), {
    words: 4,
    time: 6,
    batch: 2,
    hidden: 3,
  });
  const { numTensors } = tf.memory();
  for (const compute of [bilstmRemovals, plainBilstmRemovals])
    compute(projected, recurrent, sequences, [1, 3]).dispose();
  assert.equal(tf.memory().numTensors, numTensors);
});

test("the fused states refuse what does not fit, with a sentence", { skip }, () => {
  const { projected, recurrent, sequences } = randomInput(createRandom("wrong"), {
    words: 4,
    time: 5,
    batch: 2,
    hidden: 3,
  });
  const wrong: [string, () => unknown, RegExp][] = [
    ["the start", () => bilstmRemovals(projected, recurrent, sequences, [0]), /a position without a word/],
    ["the end", () => bilstmRemovals(projected, recurrent, sequences, [1, 4]), /a position without a word/],
    ["a word twice", () => bilstmRemovals(projected, recurrent, sequences, [2, 2]), /not in ascending order/],
    ["descending", () => bilstmRemovals(projected, recurrent, sequences, [3, 1]), /not in ascending order/],
    ["a narrow table", () => bilstmRemovals(tf.zeros([4, 23]), recurrent, sequences, [1]), /wrong shape/],
    [
      "a text of one word",
      () => {
        const rows = tf.slice(sequences.rows, [0, 0], [3, 2]);
        return bilstmRemovals(projected, recurrent, { rows, lengths: fullLengths(2, 3) }, [1]);
      },
      /two words for one to be left/,
    ],
  ];
  for (const [what, call, message] of wrong) assert.throws(call, message, what);
});
