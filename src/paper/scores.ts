import { findCorpus } from "../data/catalog";
import { isSolvedBeside, questionOnlyName } from "../data/corpora/questionOnly";
import { groupBy, mean } from "../stats/summary";
import { published } from "./means";
import { percent } from "./numberWords";
import { paperCorpora, sources } from "./published";
import { type ComparedStudy, type Model, modelsOf, type StudiesOf } from "./studies";
import { meanOver } from "./texts";

/**
 * What there is of some runs, a line for each model: how many training runs, the mean test scores over them beside those of
 * the authors' re-run, which chose its model on a dev split, and in how many the task is solved. `chance` is the accuracy of
 * always giving the most frequent label. What was asked for and is not there is named below.
 *
 * @param controls where models of the question alone are
 */
export function overview(
  { missing = [], ...runs }: StudiesOf & { missing?: readonly { name: string }[] },
  controls: StudiesOf = { configurations: [] },
) {
  const rows = modelsOf(runs).map(({ names, study, studies }) => {
    const theirs = publishedScores(studies);
    const scores = studies.map((each) => each.scores);
    return {
      ...names,
      weights: study.config.attentionWeights === "softmax" ? "learnt" : study.config.attentionWeights,
      ...{ runs: studies.length, texts: study.scores.texts, words: Math.round(wordsOf(study)) },
      ...{ chance: study.scores.chance, solved: solvedIn(studies, controls) },
      ...{ accuracy: meanOver(scores, ({ accuracy }) => accuracy), theirAccuracy: theirs.accuracy },
      ...{ f1: meanOver(scores, ({ f1 }) => f1), theirF1: theirs.f1 },
      ...{ auc: meanOver(scores, ({ auc }) => auc), theirAuc: theirs.auc },
    };
  });
  const columns = {
    ...{ corpus: "corpus", encoder: "encoder", attention: "attention", weights: "weights", runs: "runs" },
    ...{ texts: "texts", words: "words a text", chance: "chance", solved: "solved", accuracy: "accuracy" },
    ...{ theirAccuracy: "authors'", f1: "F1 (second class)", theirF1: "authors'", auc: "AUC", theirAuc: "authors'" },
  };
  const models = [...groupBy(missing, ({ name }) => name.replace(/, seed \d+/, ""))];
  const absent = models.map(([model, { length }]) => (length > 1 ? `${model} (${length} runs)` : model)).join("; ");
  return { rows, columns, caption: `Scores on test texts, means over runs.${absent && ` Not there: ${absent}.`}` };
}

/** As in "3 of 5"; of a task with a question, as far as that can be told without a model of the question alone. */
function solvedIn(studies: readonly ComparedStudy[], controls: StudiesOf): string {
  const { isTold, solved } = solvedRuns(studies, controls);
  if (solved.length === 0) return "no";
  if (!isTold) return "beyond chance";
  return solved.length === studies.length ? "yes" : `${solved.length} of ${studies.length}`;
}

/** The runs of a model that do their task, and whether that can be told: with a question, beside one of it alone. */
export function solvedRuns(studies: readonly ComparedStudy[], { configurations }: StudiesOf) {
  const { corpus, task } = studies[0]!;
  const alone = questionOnlyName(corpus);
  return {
    isTold: task === "classification" || configurations.some((other) => other.corpus === alone),
    solved: studies.filter((study) => isSolvedBeside(study, configurations)),
  };
}

/**
 * Table 1 of the paper beside ours, a line for each of its corpora: the texts that the models learnt from and were tested
 * on, their words, and the accuracy of the BiLSTM with additive attention (else of the first model); `share` is what was at
 * hand of the published training texts, among which the paper counts dev where its code drew it from train. The vocabulary
 * has its four special tokens.
 */
export function table1(runs: StudiesOf) {
  const models = modelsOf(runs).filter(({ names }) => paperCorpora.includes(names.corpus));
  const rows = [...groupBy(models, ({ names }) => names.corpus)].map(([corpus, own]) => {
    const { study, studies } = own.find(isPapers) ?? own[0]!;
    const { train = 0, dev = 0, test, vocabulary = 0 } = study.about?.corpus ?? {};
    const theirs = findCorpus(corpus).published!;
    const [theirTrain, theirTest] = [sum(theirs.train), sum(theirs.test)];
    return {
      ...{ corpus, train, dev, theirTrain, share: percent(Math.min(1, (train + dev) / theirTrain)), test, theirTest },
      ...{ vocabulary: vocabulary + 4, theirVocabulary: theirs.vocabulary, words: Math.round(wordsOf(study)) },
      accuracy: mean(studies.map(({ scores }) => scores.accuracy)),
      theirAccuracy: publishedScores(studies).accuracy,
    };
  });
  const columns = {
    ...{ corpus: "corpus", train: "train", dev: "dev", theirTrain: "paper's train", share: "at hand", test: "test" },
    ...{ theirTest: "paper's", vocabulary: "vocabulary", theirVocabulary: "paper's", words: "words a text" },
    ...{ accuracy: "accuracy", theirAccuracy: "authors' re-run" },
  };
  return { rows, columns, caption: "Table 1", digits: 3 };
}

function isPapers({ study: { encoder, attention, config } }: Model): boolean {
  return encoder === "bilstm" && attention === "additive" && config.attentionWeights === "softmax";
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function wordsOf({ rows }: ComparedStudy): number {
  return mean(rows.map(({ words }) => words));
}

/** The authors' test scores of the model of some studies, as far as they are published. */
function publishedScores(configurations: readonly ComparedStudy[]): { [score: string]: number | undefined } {
  const rows = published(["accuracy", "f1", "auc"], { configurations }).filter(
    ({ source }) => source === sources.rerun,
  );
  return Object.fromEntries(rows.map(({ measure, mean }) => [measure, mean]));
}
