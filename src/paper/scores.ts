import { mean } from "../stats/summary";
import { published } from "./means";
import { sources } from "./published";
import { type ComparedStudy, isSolved, type ModelNames, modelsOf, type StudiesOf } from "./studies";

/**
 * Test scores of each study, and below them those that the authors published of its model (their runs of 2019-04-24 to
 * 05-15, which chose the model on a dev split): whether the task is solved at all comes before its explanation.
 * `chance` is the accuracy of always giving the most frequent label, `words` the mean number of words of our texts.
 */
export function scores(runs: StudiesOf) {
  const rows = modelsOf(runs).flatMap(({ names, studies }): ScoreRow[] => [
    ...studies.map((study) => {
      const { texts, accuracy, chance, f1, macroF1, auc } = study.scores;
      const [words, solved] = [mean(study.rows.map((row) => row.words)), isSolved(study) ? "yes" : "no"];
      return { ...names, seed: study.seed, source: "ours", texts, words, chance, solved, accuracy, f1, macroF1, auc };
    }),
    ...publishedScores(studies).map((theirs) => ({ ...names, source: "authors' re-run", ...theirs })),
  ]);
  const columns = {
    ...{ corpus: "Corpus", encoder: "encoder", attention: "attention", seed: "seed", source: "" },
    ...{ texts: "texts", words: "words a text", accuracy: "accuracy", chance: "chance", solved: "solved" },
    ...{ f1: "F1 (second class)", macroF1: "macro F1", auc: "AUC" },
  };
  return { rows, columns, caption: "Test scores" };
}

/**
 * What there is of some runs, a line for each model: how many training runs, the mean accuracy over them beside chance and
 * beside the authors', and in how many the task is solved. What was asked for and is not there is named below.
 */
export function overview({ missing = [], ...runs }: StudiesOf & { missing?: readonly { name: string }[] }) {
  const rows = modelsOf(runs).map(({ names, studies }) => {
    const { words, texts, chance } = scores({ configurations: studies }).rows[0]!;
    const solved = studies.filter(isSolved).length;
    return {
      ...names,
      ...{ runs: studies.length, texts, words, chance },
      accuracy: mean(studies.map((study) => study.scores.accuracy)),
      published: publishedScores(studies)[0]?.accuracy,
      solved: solved === studies.length ? "yes" : solved === 0 ? "no" : `${solved} of ${studies.length}`,
    };
  });
  const columns = {
    ...{ corpus: "Corpus", encoder: "encoder", attention: "attention", runs: "runs", texts: "texts" },
    ...{ words: "words a text", chance: "chance", accuracy: "accuracy", published: "authors' accuracy" },
    solved: "solved",
  };
  const absent = missing.length > 0 ? ` Asked for and not there: ${missing.map(({ name }) => name).join("; ")}.` : "";
  return { rows, columns, caption: `Accuracy on test texts, a mean over runs.${absent}` };
}

const names = ["accuracy", "f1", "macroF1", "auc"] as const;
type Scores = { [name in (typeof names)[number]]?: number };
/** Of ours, or of the authors' with what they published alone. */
type ScoreRow = ModelNames &
  Scores & { source: string; seed?: number; texts?: number; words?: number; chance?: number; solved?: "yes" | "no" };

/** The authors' test scores of the model of some studies; none where nothing is published. */
export function publishedScores(configurations: readonly ComparedStudy[]): Scores[] {
  const rows = published(names, { configurations }).filter(({ source }) => source === sources.rerun);
  return rows.length > 0 ? [Object.fromEntries(rows.map(({ measure, mean }) => [measure, mean]))] : [];
}
