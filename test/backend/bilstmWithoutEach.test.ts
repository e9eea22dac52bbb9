import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bilstmWithoutEach, type Scoring } from "../../src/backend/bilstmWithoutEach";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createBatch, disposeBatch } from "../../src/model/batch";
import { attend, encodeText } from "../../src/model/model";
import { createRandom } from "../../src/stats/random";
import { assertAllClose } from "../close";
import { smallModel } from "./../model/smallModel";

const skip = process.env.ATTENTION_BACKEND === "wasm" && "the kernel needs the native backend";

before(() => loadBackend());

type Texts = { ids: number[] }[];

/** Texts of these lengths, in which words come more than once. */
function textsOf(lengths: readonly number[]): Texts {
  const random = createRandom("without each");
  return lengths.map((length) => ({ ids: Array.from({ length }, () => 4 + random.integer(12)) }));
}

/** By the definition: the model reads each shortened text anew. */
function contextsOfShortened({ config, weights }: ReturnType<typeof smallModel>, texts: Texts): Float32Array {
  const shortened = texts.flatMap(({ ids }) => ids.map((_, removed) => ({ ids: ids.filter((_, t) => t !== removed) })));
  const batch = createBatch(shortened, 2);
  return tf.tidy(() => {
    const states = encodeText(config, weights, batch);
    return tf.sum(tf.mul(tf.expandDims(attend(config, weights, states, batch), 2), states), 0).dataSync<"float32">();
  });
}

function contextsOfKernel({ config, weights }: ReturnType<typeof smallModel>, texts: Texts): Float32Array {
  const batch = createBatch(texts, 2);
  const contexts = tf.tidy(() => {
    const w = (name: string) => weights[name] as tf.Tensor2D;
    const bias = tf.add(w("encoder.inputBias"), w("encoder.recurrentBias"));
    const embedded = tf.gather(w("embedding.vectors"), batch.words);
    const projected = tf.add<tf.Tensor2D>(tf.matMul(embedded, w("encoder.inputWeights")), bias);
    const forEach = (row: tf.Tensor) => tf.tile(tf.reshape<tf.Rank.R2>(row, [1, -1]), [batch.size, 1]);
    const scoring: Scoring =
      config.attentionWeights === "uniform" || config.attention === "dot"
        ? { kind: "dot", queries: forEach(tf.div(w("attention.vector") ?? tf.zeros([10]), Math.sqrt(10))) }
        : {
            kind: "additive",
            projection: w("attention.projection"),
            offsets: forEach(w("attention.bias")),
            vector: w("attention.vector"),
          };
    const recurrent = weights["encoder.recurrentWeights"] as tf.Tensor3D;
    return bilstmWithoutEach(projected, recurrent, batch, scoring, config.attentionWeights).dataSync<"float32">();
  });
  disposeBatch(batch);
  return contexts;
}

for (const attention of ["additive", "dot"] as const) {
  for (const attentionWeights of ["softmax", "sparsemax", "uniform"] as const) {
    test(`${attention}, ${attentionWeights}: contexts without each word are those of the shortened texts`, {
      skip,
    }, () => {
      const model = smallModel({ attention, attentionWeights });
      for (const lengths of [[2], [5, 5, 5], [9, 2, 2, 7, 7, 3], [600]]) {
        const texts = textsOf(lengths);
        assertAllClose(contextsOfKernel(model, texts), contextsOfShortened(model, texts), `texts of ${lengths}`, 1e-6);
      }
    });
  }
}

test("removals of the same text have the same bits with whatever they are computed", { skip }, () => {
  const model = smallModel();
  const texts = textsOf([8, 8, 8, 4, 8]);
  const together = contextsOfKernel(model, texts);
  assert.deepEqual(contextsOfKernel(model, texts), together);
});

test("a text of one word is refused, as nothing is left of it", { skip }, () => {
  assert.throws(() => contextsOfKernel(smallModel(), textsOf([1, 3])), /a text needs two words for one to be left/);
});
