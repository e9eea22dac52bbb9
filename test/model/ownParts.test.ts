import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importances } from "../../src/analysis/importances/all";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import type { Attention } from "../../src/model/attention";
import { attentions } from "../../src/model/attentions";
import { decode } from "../../src/model/decoder";
import type { Encoder } from "../../src/model/encoder";
import { encoders } from "../../src/model/encoders";
import { predict } from "../../src/model/predict";
import { textDecoders } from "../../src/model/textDecoders";
import { trainModel } from "../../src/model/train";
import { uniformWeights } from "../../src/model/weights";
import { totalVariation } from "../../src/stats/divergence";
import { type ModelConfig, modelConfig } from "../../src/study/config";
import { explained } from "../analysis/explained";
import { assertAllClose } from "../close";
import { smallDataset, withQuestions } from "./smallModel";

/** A gated recurrent unit (Cho et al. 2014) that reads forward; a question is summarised by its last state. */
const gru: Encoder = {
  stateSize: ({ hiddenSize }) => hiddenSize,

  createWeights({ embeddingSize, hiddenSize }, random) {
    const bound = 1 / Math.sqrt(hiddenSize);
    return {
      input: uniformWeights([embeddingSize, 3 * hiddenSize], bound, random),
      recurrent: uniformWeights([hiddenSize, 3 * hiddenSize], bound, random),
      bias: uniformWeights([3 * hiddenSize], bound, random),
    };
  },

  encode(weights, embedded, { rows, lengths, time, size }) {
    const hiddenSize = weights.recurrent!.shape[0]!;
    const ofWords = tf.add<tf.Tensor2D>(tf.matMul(embedded, weights.input!), weights.bias!);
    let state = tf.zeros([size, hiddenSize]);
    const states = Array.from({ length: time }, (_, t) => {
      const chosen = tf.oneHot(tf.reshape(tf.slice(rows, [t, 0], [1, size]), [size]), embedded.shape[0]);
      const [xz, xr, xh] = tf.split(tf.matMul(tf.cast(chosen, "float32"), ofWords), 3, 1);
      const [hz, hr, hh] = tf.split(tf.matMul(state as tf.Tensor2D, weights.recurrent as tf.Tensor2D), 3, 1);
      const update = tf.sigmoid(tf.add(xz!, hz!));
      const candidate = tf.tanh(tf.add(xh!, tf.mul(tf.sigmoid(tf.add(xr!, hr!)), hh!)));
      const next = tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), candidate));
      state = tf.mul(next, tf.expandDims(tf.cast(tf.greater(lengths, t), "float32"), 1));
      return state;
    });
    return tf.stack(states) as tf.Tensor3D;
  },

  summarize(states, { lengths }) {
    const isLast = tf.transpose(tf.oneHot(tf.sub(lengths, 1).toInt(), states.shape[0]));
    return tf.sum<tf.Tensor2D>(tf.mul(states, tf.expandDims(isLast, 2)), 0);
  },
};

/** Multiplicative attention (Luong et al. 2015): score = hᵀ W Q; without a question Q is learnt. */
const multiplicative: Attention = {
  createWeights(stateSize, hasQuestion, random) {
    const bound = 1 / Math.sqrt(stateSize);
    return {
      matrix: uniformWeights([stateSize, stateSize], bound, random),
      ...(!hasQuestion && { query: uniformWeights([1, stateSize], bound, random) }),
    };
  },

  score(weights, states, question = weights.query as tf.Tensor2D) {
    return tf.sum(tf.mul(states, tf.matMul(question, weights.matrix!, false, true)), 2);
  },
};

before(async () => {
  await loadBackend();
  Object.assign(encoders, { gru });
  Object.assign(attentions, { multiplicative });
});
after(() => {
  delete (encoders as Partial<Record<string, Encoder>>).gru;
  delete (attentions as Partial<Record<string, Attention>>).multiplicative;
});

test("the names of parts of one's own are known as the others", () => {
  assert.throws(() => modelConfig({ encoder: "grru" as "bilstm" }), /did you mean "gru"\? .*"average", "gru"\.$/);
  assert.throws(() => modelConfig({ attention: "multiplicativ" as "dot" }), /did you mean "multiplicative"\?/);
});

for (const task of ["classification", "inference"] as const) {
  test(`an encoder and an attention of one's own are a file and a line each: trained and analysed, ${task}`, async () => {
    const small = smallDataset();
    const ofTask = (examples: typeof small.test) => (task === "inference" ? withQuestions(examples, task) : examples);
    const dataset = { ...small, task, train: ofTask(small.train.slice(0, 40)), dev: ofTask(small.dev) };
    const options = { encoder: "gru", attention: "multiplicative", epochs: 2, embeddingSize: 6, hiddenSize: 6 };
    const { model } = await trainModel(dataset, modelConfig(options as unknown as Partial<ModelConfig>));
    const texts = ofTask(small.test);
    const predictions = await predict(model, texts);
    for (const importance of importances) {
      const values = await explained(importance, model, texts);
      for (const [index, { tokens }] of texts.entries()) {
        assert.equal(values[index]!.length, tokens.length);
        assert.ok(values[index]!.every(Number.isFinite), importance.name);
      }
      if (importance.name !== "leaveOneOut") continue;
      const { tokens, ...text } = texts[0]!;
      const shorter = await predict(
        model,
        tokens.map((_, t) => ({ ...text, tokens: tokens.filter((_, u) => u !== t) })),
      );
      const expected = shorter.map(({ output }) => totalVariation(output, predictions[0]!.output));
      assertAllClose(values[0]!, expected, "leave-one-out", 2e-6);
    }
    for await (const { index, decoder } of textDecoders(model, texts)) {
      const { attention, output } = predictions[index]!;
      assertAllClose(decode(decoder, attention), output, `output of ${index}`, 2e-6);
    }
  });
}
