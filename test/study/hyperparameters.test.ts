import assert from "node:assert/strict";
import { test } from "node:test";
import { corpora } from "../../src/data/catalog";
import { hyperparameters, modelConfig } from "../../src/study/config";

test("a corpus of the paper has the paper's hyperparameters", () => {
  const of = (corpus: string, task: "classification" | "question answering" | "inference") => {
    const { epochs, batchSize, embeddingSize, hiddenSize, attentionWeightDecay } = modelConfig({}, { corpus, task });
    return [epochs, batchSize, embeddingSize, hiddenSize, attentionWeightDecay];
  };
  assert.deepEqual(of("sst", "classification"), [8, 32, 300, 128, 0]);
  assert.deepEqual(of("diabetes", "classification"), [8, 32, 200, 128, 0]);
  assert.deepEqual(of("snli", "inference"), [25, 128, 300, 128, 1e-5]);
  assert.deepEqual(of("cnn", "question answering"), [25, 90, 300, 128, 1e-5]);
  assert.deepEqual(of("babi3", "question answering"), [100, 50, 50, 32, 1e-5]);
});

test("each of them can be set otherwise, and a corpus of one's own has those of its task", () => {
  assert.equal(modelConfig({ epochs: 3 }, { corpus: "snli", task: "inference" }).epochs, 3);
  assert.deepEqual(hyperparameters({ corpus: "mine", task: "inference" }), { attentionWeightDecay: 1e-5 });
  assert.equal(modelConfig({}, { corpus: "mine", task: "inference" }).epochs, 8);
});

test("the paper's word vectors are those that it took for the corpus", () => {
  const vectorsOf = (corpus: string) =>
    modelConfig({ wordVectors: "paper" }, { corpus, task: "inference" }).wordVectors;
  assert.deepEqual(["sst", "snli", "babi1", "anemia"].map(vectorsOf), [
    "fasttext-simple",
    "glove-840b-300d",
    "random",
    "random",
  ]);
});

test("every corpus of the catalogue gives a valid configuration", () => {
  for (const { name, task } of corpora) {
    const config = modelConfig({}, { corpus: name, task });
    assert.deepEqual(modelConfig({ ...config }), config, name);
  }
});
