import { UserError } from "../errors";
import { comparePairs } from "./kendall";
import { groupBy } from "./summary";

/**
 * Area under the ROC curve: the probability that a random positive instance scores above a random negative one.
 *
 * Equal scores count one half. Undefined where the labels hold one class only.
 *
 * @param labels 0 or 1 per instance
 * @param scores higher means more positive, for example the probability of class 1
 * @throws UserError for a score that is not a number
 */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | undefined {
  const broken = Array.from(scores).findIndex(Number.isNaN);
  if (broken >= 0)
    throw new UserError(
      `ROC AUC orders the instances by score, but instance ${broken} has a score that is not a number.`,
    );
  const positives = countOf(labels, (label) => label === 1);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const both = positives * negatives;
  return (both + comparePairs(labels, scores).score) / (2 * both);
}

/**
 * F1 score of one class: the harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).
 *
 * 0 where the class occurs neither among the labels nor among the predictions, as in scikit-learn.
 *
 * @param positive the class that is scored; default 1
 */
export function f1Score(labels: ArrayLike<number>, predictions: ArrayLike<number>, positive = 1): number {
  const hits = countOf(labels, (label, index) => label === positive && predictions[index] === positive);
  const errors = countOf(labels, (label, index) => (label === positive) !== (predictions[index] === positive));
  return hits === 0 ? 0 : (2 * hits) / (2 * hits + errors);
}

/** The mean F1 score over the classes that occur among the labels or the predictions, each counting the same. */
export function macroF1(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  const classes = [...new Set([...Array.from(labels), ...Array.from(predictions)])];
  const total = classes.reduce((sum, positive) => sum + f1Score(labels, predictions, positive), 0);
  return total / classes.length;
}

/** The share of instances whose prediction is the label. */
export function accuracy(labels: ArrayLike<number>, predictions: ArrayLike<number>): number {
  return countOf(labels, (label, index) => label === predictions[index]) / labels.length;
}

function countOf(labels: ArrayLike<number>, holds: (label: number, index: number) => boolean): number {
  return Array.from(labels).filter(holds).length;
}

/**
 * Whether a task is solved, as what attention does in a model that has learnt nothing says nothing: by this study's rule
 * the accuracy must be a third of the way from chance to no error. With a question it must be above every model of the
 * question alone by more than these are apart, and of a single one, whose range is not known, by a third of that way.
 *
 * @param questionOnly accuracies of models that see the question or the hypothesis alone
 */
export function isSolved(
  { accuracy, chance }: { accuracy: number; chance: number },
  questionOnly: readonly number[] = [],
): boolean {
  const highest = Math.max(chance, ...questionOnly);
  const range = Math.max(...questionOnly) - Math.min(...questionOnly);
  if (questionOnly.length > 1) return accuracy > highest + range;
  return highest < 1 && (accuracy - highest) / (1 - highest) >= 1 / 3;
}

/** The accuracy of always giving the most frequent label. */
export function chanceOf(labels: readonly unknown[]): number {
  const counts = [...groupBy(labels, (label) => label).values()].map(({ length }) => length);
  return Math.max(...counts) / labels.length;
}
