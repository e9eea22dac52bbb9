import { Amsgrad } from "../backend/amsgrad";
import { isNative, tf } from "../backend/tensorflow";
import { isBinary } from "../data/dataset";
import { modelConfig } from "../study/config";
import { createBatch, impossibleAnswers } from "./batch";
import { type AttentionModel, createModel, forward, hasQuestion, type Purpose } from "./model";
import { type EncodedText, endId, startId } from "./vocabulary";

/** A text to learn from. */
export interface Instance extends EncodedText {
  label: number;
}

/** What a step needs to know of a model; its weights are the optimiser's. */
export type Trained = Pick<AttentionModel, "config" | "task" | "classNames">;

/** One update of all weights; gives the batch's loss. @param weightOfPositives of two classes: how much a positive counts */
export type TrainStep = (
  model: Trained,
  optimizer: Amsgrad,
  instances: readonly Instance[],
  weightOfPositives: number,
) => number;

/** The optimiser of a model, which owns the model's weights from now on. */
export function createOptimizer({ config, weights }: Pick<AttentionModel, "config" | "weights">): Amsgrad {
  return new Amsgrad(weights, config.learningRate, (name) => ({
    decay: name.startsWith("attention.") ? config.attentionWeightDecay : config.weightDecay,
    byRow: name.endsWith("mbedding.vectors"),
  }));
}

/** {@link TrainStep} by the tape of the gradient, for every model: what a model is and learns is defined here. */
export const tapeStep: TrainStep = (model, optimizer, instances, weightOfPositives) =>
  tf.tidy(() => {
    const batch = createBatch(instances, model.classNames.length);
    const labels = tf.tensor1d(
      instances.map(({ label }) => label),
      "int32",
    );
    // Of an embedding only the vectors of the batch's words, [words, embedding], take part.
    const rows: Record<string, tf.Tensor1D | undefined> = {
      "embedding.vectors": batch.words,
      "questionEmbedding.vectors": batch.question?.words,
    };
    const { names } = optimizer;
    const byName = (tensors: tf.Tensor[]) => Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
    const lossOf = tf.valueAndGrads((...values: tf.Tensor[]) => {
      const weights = byName(values);
      const { logits } = forward({ ...model, weights }, batch, {
        embedded: weights["embedding.vectors"] as tf.Tensor2D,
        embeddedQuestion: weights["questionEmbedding.vectors"] as tf.Tensor2D | undefined,
      });
      return isBinary(model)
        ? weightedCrossEntropy(logits, labels, weightOfPositives)
        : meanCrossEntropy(logits, labels);
    });
    const { value, grads } = lossOf(names.map((name) => optimizer.read(name, rows[name])));
    optimizer.update(byName(grads), rows);
    return value.dataSync()[0]! * (isBinary(model) ? 1 : instances.length);
  });

/** Binary cross-entropy of logits [batch, 1], positives weighted, summed over the batch. */
function weightedCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, weightOfPositives: number): tf.Scalar {
  const [flat, truth] = [tf.reshape(logits, [-1]), tf.cast(labels, "float32")];
  const positive = tf.mul(tf.mul(truth, weightOfPositives), tf.softplus(tf.neg(flat)));
  const negative = tf.mul(tf.sub(1, truth), tf.softplus(flat));
  return tf.sum(tf.add(positive, negative));
}

/** Cross-entropy of logits [batch, classes], its mean over the batch. */
function meanCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const truth = tf.oneHot(labels, logits.shape[1]);
  return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(truth, tf.logSoftmax(logits)), 1)));
}

const encoderNames = (embedding: string, encoder: string) => [
  `${embedding}.vectors`,
  ...["inputWeights", "recurrentWeights", "inputBias", "recurrentBias"].map((name) => `${encoder}.${name}`),
];

/** The weights in the order of the kernels of a whole step; each has those of its model. */
const bilstmNames = [
  ...encoderNames("embedding", "encoder"),
  ...["decoder.weights", "decoder.bias", "attention.vector", "attention.projection", "attention.bias"],
  ...["attention.questionProjection", "attention.questionBias"],
  ...encoderNames("questionEmbedding", "questionEncoder"),
  ...["decoder.contextWeights", "decoder.contextBias", "decoder.questionWeights", "decoder.questionBias"],
];

/** The kernels of a whole step, and the losses that three steps of a small model should come to. */
export const stepKinds = [
  { scores: "additive", withQuestion: false, kernel: "Additive", losses: [2.804105, 2.405783, 1.937351] },
  { scores: "additive", withQuestion: true, kernel: "AdditiveWithQuestion", losses: [2.328625, 1.835678, 1.781517] },
  { scores: "dot", withQuestion: false, kernel: "Dot", losses: [2.803372, 2.402175, 1.936406] },
  { scores: "dot", withQuestion: true, kernel: "DotWithQuestion", losses: [2.328559, 1.839583, 1.825031] },
  { scores: "uniform", withQuestion: false, kernel: "Uniform", losses: [2.803706, 2.40126, 1.940681] },
  { scores: "uniform", withQuestion: true, kernel: "UniformWithQuestion", losses: [2.328288, 1.834756, 1.794722] },
] as const;

/** The kernel of a model's step; undefined where there is none. */
function kindOf({ config, ...purpose }: Trained): (typeof stepKinds)[number] | undefined {
  const scores = config.attentionWeights === "softmax" ? config.attention : config.attentionWeights;
  if (config.encoder !== "bilstm") return undefined;
  return stepKinds.find((kind) => kind.scores === scores && kind.withQuestion === hasQuestion(purpose));
}

/** {@link TrainStep} in one native operation, for a BiLSTM whose attention is a softmax of additive or dot scores, or uniform. */
export const nativeStep: TrainStep = (model, optimizer, instances, weightOfPositives) =>
  tf.tidy(() => {
    const integers = (values: number[]) => tf.tensor1d(values, "int32");
    const read = (sequences: number[][]) => [
      integers(sequences.flatMap((ids) => [startId, ...ids, endId])),
      integers(sequences.map(({ length }) => length + 2)),
    ];
    const inputs: tf.Tensor[] = [
      ...read(instances.map(({ ids }) => ids)),
      integers(instances.map(({ label }) => label)),
    ];
    if (hasQuestion(model)) {
      const impossible = impossibleAnswers(instances, model.classNames.length) ?? tf.tensor1d([]);
      inputs.push(...read(instances.map(({ question }) => question ?? [])), impossible);
    }
    const kernel = `AttentionTrainingStep${kindOf(model)!.kernel}`;
    const names = bilstmNames.filter((name) => optimizer.names.includes(name));
    return optimizer.updateBy(kernel, inputs, names, weightOfPositives)[0]!;
  });

/** Which of the two ways trains this model; they differ in rounding alone. @returns `how` in words, for people */
export function chooseStep(model: Trained): { step: TrainStep; how: string } {
  const kind = kindOf(model);
  if (!kind || !isNative()) return { step: tapeStep, how: "operation by operation" };
  const difference = differenceOfStep(nativeStep, kind);
  if (difference < 1e-4) return { step: nativeStep, how: "one native operation a step" };
  const problem = `the native training step differs by ${difference} from what it should compute`;
  console.warn(`Training takes about three times as long, as ${problem}.`);
  return { step: tapeStep, how: `operation by operation, as ${problem}` };
}

/** How far the losses of a step are from what they should be, the later ones by way of all gradients; NaN when it fails. */
export function differenceOfStep(
  step: TrainStep,
  { scores, withQuestion, losses }: (typeof stepKinds)[number],
): number {
  const purpose: Purpose = withQuestion
    ? { task: "inference", classNames: ["no", "maybe", "yes"] }
    : { task: "classification", classNames: ["negative", "positive"] };
  const asked = withQuestion && { question: [6, 4], candidates: [0, 1] };
  const instances = [[4, 5, 6, 4], [5], [6, 6, 7]].map((ids, index) => ({ ids, label: index % 2, ...asked }));
  const attention = scores === "uniform" ? { attentionWeights: scores } : { attention: scores };
  const config = modelConfig({ ...attention, embeddingSize: 3, hiddenSize: 5, learningRate: 0.1 });
  const optimizer = createOptimizer(createModel(config, ["a", "b", "c", "d"], purpose));
  try {
    const differences = losses.map((loss) => Math.abs(step({ ...purpose, config }, optimizer, instances, 2) - loss));
    return Math.max(...differences);
  } catch {
    return Number.NaN;
  } finally {
    optimizer.dispose();
  }
}
