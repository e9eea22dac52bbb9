import { type Example, isBinary } from "../data/dataset";
import type { AttentionModel, Purpose } from "../model/model";
import { predict, predictedLabel } from "../model/predict";
import { accuracy, chanceOf, f1Score, macroF1, rocAuc } from "../stats/classification";

/** How well a model does its task; each number is from 0 to 1. */
export interface TestScores {
  texts: number;
  accuracy: number;
  /** F1 of the second class, the paper's Table 1; undefined but of two classes. */
  f1: number | undefined;
  macroF1: number;
  /** Share of the most frequent label: what a model reaches that reads nothing. */
  chance: number;
  /** Area under the ROC curve; undefined where all texts have one label, and but of two classes. */
  auc: number | undefined;
}

/** Scores on texts that the model was not trained on: whether the task is solved at all comes before its explanation. */
export async function testScores(model: AttentionModel, examples: readonly Example[]): Promise<TestScores> {
  const predictions = await predict(model, examples);
  return scoreLabels(model, {
    labels: examples.map(({ label }) => label),
    predicted: predictions.map(predictedLabel),
    logits: predictions.map(({ logits }) => logits[0]!),
  });
}

/** Scores of predictions that are there already. @param answers.logits of the second of two classes; else not used */
export function scoreLabels(
  purpose: Purpose,
  { labels, predicted, logits }: { labels: number[]; predicted: number[]; logits: number[] },
): TestScores {
  const isOfTwo = isBinary(purpose);
  return {
    texts: labels.length,
    accuracy: accuracy(labels, predicted),
    chance: chanceOf(labels),
    f1: isOfTwo ? f1Score(labels, predicted) : undefined,
    macroF1: macroF1(labels, predicted),
    auc: isOfTwo ? rocAuc(labels, logits) : undefined,
  };
}
