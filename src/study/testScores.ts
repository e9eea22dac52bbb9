import { type Example, isBinary } from "../data/dataset";
import type { AttentionModel, Purpose } from "../model/model";
import { predict, predictedLabel } from "../model/predict";
import { accuracy, chanceOf, f1Score, macroF1, rocAuc } from "../stats/classification";
import type { Cells } from "./parquet";

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
  return scoresOf(model, {
    label: examples.map(({ label }) => model.classNames[label]),
    predicted: predictions.map((prediction) => model.classNames[predictedLabel(prediction)]),
    logit: predictions.map(({ logits }) => logits[0]),
  });
}

/** Scores of predictions that are there already. @param cells of `label`, `predicted` and, of two classes, `logit` */
export function scoresOf(purpose: Purpose, cells: Cells): TestScores {
  const placesOf = (names: Cells[string]) => names.map((name) => purpose.classNames.indexOf(name as string));
  const [labels, predicted] = [placesOf(cells.label!), placesOf(cells.predicted!)];
  const isOfTwo = isBinary(purpose);
  return {
    texts: labels.length,
    accuracy: accuracy(labels, predicted),
    chance: chanceOf(labels),
    f1: isOfTwo ? f1Score(labels, predicted) : undefined,
    macroF1: macroF1(labels, predicted),
    auc: isOfTwo ? rocAuc(labels, cells.logit as number[]) : undefined,
  };
}
