import { Amsgrad } from "../backend/amsgrad";
import { isNative, tf } from "../backend/tensorflow";
import { isBinary } from "../data/dataset";
import { modelConfig } from "../study/config";
import { createBatch, impossibleAnswers } from "./batch";
import { encoders, kernelWidths } from "./encoders";
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

/** The weights in the order of the kernel of a whole step, each under the names that encoders have for it. */
const kernelWeights = [
  ...encoderWeights("embedding", "encoder"),
  ...["weights", "bias"].map((name) => [`decoder.${name}`]),
  ...["vector", "projection", "bias", "questionProjection", "questionBias"].map((name) => [`attention.${name}`]),
  ...encoderWeights("questionEmbedding", "questionEncoder"),
  ...["contextWeights", "contextBias", "questionWeights", "questionBias"].map((name) => [`decoder.${name}`]),
];

function encoderWeights(embedding: string, encoder: string): string[][] {
  const names = [["weights", "inputWeights"], ["recurrentWeights"], ["bias", "inputBias"], ["recurrentBias"]];
  return [[`${embedding}.vectors`], ...names.map((each) => each.map((name) => `${encoder}.${name}`))];
}

/**
 * {@link TrainStep} in one native operation, for the encoders of the paper and attention that is a softmax of additive or dot
 * scores, or uniform.
 */
export const nativeStep: TrainStep = (model, optimizer, instances, weightOfPositives) =>
  tf.tidy(() => {
    const { encoder, attention, attentionWeights, averageActivation } = model.config;
    const isAsked = hasQuestion(model);
    const integers = (values: number[]) => tf.tensor1d(values, "int32");
    const read = (sequences: number[][]) => [
      integers(sequences.flatMap((ids) => [startId, ...ids, endId])),
      integers(sequences.map(({ length }) => length + 2)),
    ];
    const isDot = attention === "dot" && attentionWeights === "softmax";
    const inputs: tf.Tensor[] = [
      ...read(instances.map(({ ids }) => ids)),
      integers(instances.map(({ label }) => label)),
      ...read(isAsked ? instances.map(({ question }) => question ?? []) : []),
      impossibleAnswers(instances, model.classNames.length) ?? tf.tensor1d([]),
      integers(encoder === "cnn" ? [...kernelWidths] : []),
      integers([isDot, averageActivation === "relu", isAsked].map(Number)),
    ];
    const names = kernelWeights.map((each) => each.find((name) => optimizer.names.includes(name)));
    return optimizer.updateBy("AttentionTrainingStep", inputs, names, weightOfPositives)[0]!;
  });

/** Which of the two ways trains this model; they differ in rounding alone. @returns `how` in words, for people */
export function chooseStep(model: Trained): { step: TrainStep; how: string } {
  const { encoder, attention, attentionWeights } = model.config;
  const scores = attentionWeights === "softmax" ? attention : attentionWeights;
  const kind = stepKinds.find((kind) => {
    return kind.encoder === encoder && kind.scores === scores && kind.withQuestion === hasQuestion(model);
  });
  const hasHiddenLayer = kind && encoders[encoder].stateSize(model.config) >= 2; // of half as many units
  if (!hasHiddenLayer || !isNative()) return { step: tapeStep, how: "operation by operation" };
  const difference = differenceOfStep(nativeStep, kind);
  if (difference < 1e-4) return { step: nativeStep, how: "one native operation a step" };
  const problem = `the native training step differs by ${difference} from what it should compute`;
  console.warn(`Training takes about three times as long, as ${problem}.`);
  return { step: tapeStep, how: `operation by operation, as ${problem}` };
}

/** What the loss of a small model should come to in the third step, by way of all gradients: without and with a question. */
const thirdLosses = {
  bilstm: { additive: [1.937351, 1.781517], dot: [1.936406, 1.825031], uniform: [1.940681, 1.794722] },
  cnn: { additive: [1.987706, 1.712483], dot: [1.979293, 1.745122], uniform: [1.997034, 1.717294] },
  average: { additive: [2.099798, 1.559556], dot: [2.040835, 1.586756], uniform: [2.105961, 1.601364] },
} as const;

/** The kinds of models that the native step knows, each with a loss that tells whether a step computes what it should. */
export const stepKinds = (["bilstm", "cnn", "average"] as const).flatMap((encoder) =>
  (["additive", "dot", "uniform"] as const).flatMap((scores) =>
    thirdLosses[encoder][scores].map((loss, index) => ({ encoder, scores, withQuestion: index === 1, loss })),
  ),
);
type StepKind = (typeof stepKinds)[number];

/** How far the loss of a step is from what it should be; NaN when it fails. */
export function differenceOfStep(step: TrainStep, { encoder, scores, withQuestion, loss }: StepKind): number {
  const purpose: Purpose = withQuestion
    ? { task: "inference", classNames: ["no", "maybe", "yes"] }
    : { task: "classification", classNames: ["negative", "positive"] };
  const asked = withQuestion && { question: [6, 4], candidates: [0, 1] };
  const instances = [[4, 5, 6, 4], [5], [6, 6, 7]].map((ids, index) => ({ ids, label: index % 2, ...asked }));
  const attention = scores === "uniform" ? { attentionWeights: scores } : { attention: scores };
  const config = modelConfig({ encoder, ...attention, embeddingSize: 3, hiddenSize: 5, learningRate: 0.1 });
  const optimizer = createOptimizer(createModel(config, ["a", "b", "c", "d"], purpose));
  try {
    const losses = [1, 2, 3].map(() => step({ ...purpose, config }, optimizer, instances, 2));
    return Math.abs(losses.at(-1)! - loss);
  } catch {
    return Number.NaN;
  } finally {
    optimizer.dispose();
  }
}
