import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { type AttentionName, attentions } from "../../src/model/attentions";
import type { AttentionWeightsName } from "../../src/model/attentionWeights";
import { createBatch } from "../../src/model/batch";
import { type AttentionModel, attend, encodeText } from "../../src/model/model";
import { contextsWithoutEach, kernelNormalizations } from "../../src/model/withoutEach";
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
function contextsOfShortened(model: AttentionModel, texts: Texts): Float32Array {
  const shortened = texts.flatMap(({ ids }) => ids.map((_, removed) => ({ ids: ids.filter((_, t) => t !== removed) })));
  const batch = createBatch(shortened, 2);
  return tf.tidy(() => {
    const states = encodeText(model, batch);
    return tf.sum(tf.mul(tf.expandDims(attend(model, { states }, batch.mask), 2), states), 0).dataSync<"float32">();
  });
}

function contextsOfKernel(model: AttentionModel, texts: Texts): Float32Array {
  return tf.tidy(() => contextsWithoutEach(model, createBatch(texts, 2)).dataSync<"float32">());
}

for (const attention of Object.keys(attentions) as AttentionName[]) {
  for (const attentionWeights of kernelNormalizations as AttentionWeightsName[]) {
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

test("contexts computed twice have the same bits", { skip }, () => {
  const model = smallModel();
  const texts = textsOf([8, 8, 8, 4, 8]);
  const together = contextsOfKernel(model, texts);
  assert.deepEqual(contextsOfKernel(model, texts), together);
});

test("a text of one word is refused, as nothing is left of it", { skip }, () => {
  assert.throws(() => contextsOfKernel(smallModel(), textsOf([1, 3])), /a text needs two words for one to be left/);
});
