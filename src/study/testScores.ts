import type { Example, Task } from "../data/dataset";
import type { AttentionModel } from "../model/model";
import { predict, predictedLabel } from "../model/predict";
import { accuracy, chanceOf, f1Score, macroF1, rocAuc } from "../stats/classification";

/** How well a model does its task; each number is from 0 to 1. */
export interface TestScores {
  texts: number;
  accuracy: number;
  /** F1 of the second class, the paper's Table 1; undefined but in classification. */
  f1: number | undefined;
  macroF1: number;
  /** Share of the most frequent label: what a model reaches that reads nothing. */
  chance: number;
  /** Area under the ROC curve; undefined where all texts have one label, and but in classification. */
  auc: number | undefined;
}

/** Scores on texts that the model was not trained on: whether the task is solved at all comes before its explanation. */
export async function testScores(model: AttentionModel, examples: readonly Example[]): Promise<TestScores> {
  const predictions = await predict(model, examples);
  return scoreLabels(model.task, {
    labels: examples.map(({ label }) => label),
    predicted: predictions.map(predictedLabel),
    logits: predictions.map(({ logits }) => logits[0]!),
  });
}

/**
 * Scores of predictions that are there already.
 *
 * @param answers.logits of the second class; used in classification only
 */
export function scoreLabels(
  task: Task,
  { labels, predicted, logits }: { labels: number[]; predicted: number[]; logits: number[] },
): TestScores {
  const isBinary = task === "classification";
  return {
    texts: labels.length,
    accuracy: accuracy(labels, predicted),
    chance: chanceOf(labels),
    f1: isBinary ? f1Score(labels, predicted) : undefined,
    macroF1: macroF1(labels, predicted),
    auc: isBinary ? rocAuc(labels, logits) : undefined,
  };
}
