import { tf } from "../../src/backend/tensorflow";
import type { Dataset, Example, Task } from "../../src/data/dataset";
import { type AttentionModel, createModel } from "../../src/model/model";
import { type Prediction, predictEncoded } from "../../src/model/predict";
import { encodeExample } from "../../src/model/vocabulary";
import { createRandom, type Random } from "../../src/stats/random";
import { type ModelConfig, modelConfig } from "../../src/study/config";

export const smallOptions: Partial<ModelConfig> = {
  embeddingSize: 6,
  hiddenSize: 5,
  epochs: 3,
  batchSize: 8,
  learningRate: 0.02,
};
export const smallConfig = modelConfig(smallOptions);

const vocabulary = Array.from({ length: 40 }, (_, index) => `word${index}`);

const purposes = {
  classification: { task: "classification", classNames: ["negative", "positive"] },
  classes: { task: "classification", classNames: ["1", "2", "3", "4", "5"] },
  "question answering": { task: "question answering", classNames: ["here", "there", "up", "down", "away"] },
  inference: { task: "inference", classNames: ["contradiction", "entailment", "neutral"] },
} as const;

/**
 * An untrained model over word0 to word39. Its weights are four times as large as a new model's, so that attention and
 * output differ between texts.
 *
 * @param purpose "classes" for a classification of five classes
 */
export function smallModel(
  options: Partial<ModelConfig> = {},
  purpose: keyof typeof purposes = "classification",
): AttentionModel {
  const { task, classNames } = purposes[purpose];
  const model = createModel({ ...smallConfig, ...options }, vocabulary, { task, classNames: [...classNames] });
  for (const [name, weights] of Object.entries(model.weights)) {
    if (!name.endsWith(".vectors"))
      setWeights(
        model,
        name,
        weights.dataSync<"float32">().map((value) => 4 * value),
      );
  }
  return model;
}

export function setWeights(model: AttentionModel, name: string, values: ArrayLike<number>): void {
  const { shape } = model.weights[name]!;
  model.weights[name]!.dispose();
  model.weights[name] = tf.tensor(Array.from(values), shape, "float32");
}

/** Texts of these lengths in words of the vocabulary and one that is unknown, with labels in turn. */
export function randomExamples(lengths: readonly number[], random: Random = createRandom("examples")): Example[] {
  return lengths.map((length, index) => ({
    id: `text-${index}`,
    tokens: Array.from({ length }, () => [...vocabulary, "unheard"][random.integer(41)]!),
    label: index % 2,
  }));
}

/** The same texts, each with a question of another length, and with a few possible answers in question answering. */
export function withQuestions(examples: readonly Example[], task: Task): Example[] {
  const random = createRandom("questions");
  return examples.map((example, index) => ({
    ...example,
    question: randomExamples([1 + random.integer(6)], random)[0]!.tokens,
    ...(task === "question answering" && index % 3 > 0 && { candidates: [example.label, 2 + (index % 3)] }),
  }));
}

/** A corpus that can be learnt: word0 is in every positive text and in no negative one. */
export function smallDataset(): Dataset {
  const random = createRandom("dataset");
  const split = (name: string, count: number): Example[] =>
    randomExamples(
      Array.from({ length: count }, () => 2 + random.integer(8)),
      random,
    ).map(({ tokens, label }, index) => {
      const words = tokens.map((token) => (token === "word0" ? "word1" : token));
      if (label === 1) words[random.integer(words.length)] = "word0";
      return { id: `${name}-${index}`, tokens: words, label };
    });
  return {
    corpus: "small",
    title: "A corpus made up for tests",
    task: "classification",
    classNames: ["negative", "positive"],
    train: split("train", 60),
    dev: split("dev", 30),
    test: split("test", 20),
    vocabulary,
    origin: "made up",
    licence: "none",
    citation: "none",
    notes: [],
  };
}

/** What a model says of texts under attention that is imposed, one weight per word. */
export function predictWith(
  model: AttentionModel,
  examples: readonly Pick<Example, "tokens" | "question" | "candidates">[],
  attention: readonly (readonly number[])[],
): Promise<Prediction[]> {
  const texts = examples.map((example, index) => ({
    ...encodeExample(model.vocabulary, example),
    attention: attention[index]!,
  }));
  return predictEncoded(model, texts);
}
