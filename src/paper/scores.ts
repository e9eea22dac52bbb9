import { isPaperCorpus, type PublishedMetric, type PublishedQuery, published } from "./published";

/** The published scores of a classifier on its test split; a score that is not published is undefined. */
export interface PublishedScores {
  texts: number | undefined;
  accuracy: number | undefined;
  f1: number | undefined;
  macroF1: number | undefined;
  auc: number | undefined;
}

/**
 * The authors' own test scores (their runs of 2019-04-24 to 05-15, which chose the model on a dev split).
 *
 * @returns undefined for a corpus that the paper does not have
 */
export function publishedScores(
  corpus: string,
  { encoder, attention }: Pick<PublishedQuery, "encoder" | "attention">,
): PublishedScores | undefined {
  if (!isPaperCorpus(corpus)) return undefined;
  const read = (metric: PublishedMetric, of: number | "overall") =>
    published({ corpus, encoder, attention, metric, class: of }).rerun;
  const supports = [read("eval_support", 0), read("eval_support", 1)];
  return {
    texts: supports.every((support) => support !== undefined) ? supports[0]! + supports[1]! : undefined,
    accuracy: read("eval_accuracy", "overall"),
    f1: read("eval_f1", 1),
    macroF1: read("eval_macro_f1", "overall"),
    auc: read("eval_roc_auc", "overall"),
  };
}
