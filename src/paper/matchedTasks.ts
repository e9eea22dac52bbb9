import { type MatchOptions, matchedDifference } from "../stats/byLength";
import { taskMeasures } from "./means";
import { symbolOf } from "./numberWords";
import { modelsOf, type StudiesOf, sameBut, textsOf } from "./studies";

const ranks = { "question answering": 0, inference: 1, classification: 2 };

/**
 * How far any two corpora under one encoder and attention are apart in each measure, as in the pair "babi1 − sst": two
 * rows, over all texts and over pairs of texts of the same number of words. Question answering and inference come first
 * in a pair; `kind` tells a pair of such a task and classification ("task") from two corpora of like tasks ("corpus").
 *
 * Of several seeds, each text has its mean. Compare studies whose task is solved, as `runs.solved(controls)` gives them.
 *
 * @param columns default: `taskMeasures`
 */
export function taskDifferences(
  runs: StudiesOf,
  columns: readonly string[] = taskMeasures,
  options: MatchOptions = {},
) {
  const models = modelsOf(runs).sort((a, b) => ranks[a.study.task] - ranks[b.study.task]);
  const pairs = models.flatMap((model, index) =>
    models.slice(index + 1).flatMap((other) => (sameBut("corpus", model, other) ? [[model, other] as const] : [])),
  );
  const rows = columns.flatMap((measure) =>
    pairs.flatMap(([model, other]) => {
      const { corpus, ...names } = model.names;
      const otherCorpus = other.names.corpus;
      const isTask = model.study.task !== "classification" && other.study.task === "classification";
      return matchedDifference(textsOf(model, measure), textsOf(other, measure), options).map((difference) => ({
        ...{ measure, symbol: symbolOf(measure), ...names, pair: `${corpus} − ${otherCorpus}`, corpus, otherCorpus },
        kind: isTask ? ("task" as const) : ("corpus" as const),
        ...difference,
      }));
    }),
  );
  const columnNames = {
    ...{ symbol: "", pair: "Pair", encoder: "encoder", texts: "texts", n: "n", words: "words", otherWords: "and" },
    ...{ difference: "difference", low: "from", high: "to" },
  };
  return { rows, columns: columnNames, caption: "First corpus less second" };
}
