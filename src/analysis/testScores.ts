import type { Example } from "../data/dataset";
import type { AttentionModel } from "../model/model";
import { predict, predictedLabel } from "../model/predict";
import { accuracy, f1Score, macroF1, rocAuc } from "../stats/classification";

/** How well a classifier does its task; each number is from 0 to 1. */
export interface TestScores {
  texts: number;
  accuracy: number;
  /** F1 of the second class, the paper's Table 1. */
  f1: number;
  macroF1: number;
  /** Area under the ROC curve; undefined where all texts have one label. */
  auc: number | undefined;
}

/** Scores on texts that the model was not trained on: whether the task is solved at all comes before its explanation. */
export async function testScores(model: AttentionModel, examples: readonly Example[]): Promise<TestScores> {
  const predictions = await predict(model, examples);
  const labels = examples.map(({ label }) => label);
  const predicted = predictions.map(({ probability }) => predictedLabel(probability));
  return {
    texts: examples.length,
    accuracy: accuracy(labels, predicted),
    f1: f1Score(labels, predicted),
    macroF1: macroF1(labels, predicted),
    auc: rocAuc(
      labels,
      predictions.map(({ logit }) => logit),
    ),
  };
}
