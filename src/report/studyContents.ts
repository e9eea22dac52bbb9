import { corpora } from "../data/catalog";
import { UserError } from "../errors";
import { compareWithPaper } from "../paper/compare";
import { answerCounterfactual, compareCounterfactuals, describeCounterfactuals } from "../paper/counterfactual";
import { isPaperCorpus } from "../paper/published";
import { publishedScores } from "../paper/scores";
import { answerCorrelation, describeAgreement } from "../paper/verdict";
import { publishedYardstick, type Yardstick, yardstickDifferences } from "../paper/yardstick";
import { summarizeAdversaries } from "../stats/adversarySummary";
import { exactCurve } from "../stats/exactCurve";
import { mean } from "../stats/summary";
import { instanceColumns } from "../study/analyze";
import type { Study } from "../study/files";
import { compactRows, comparedMeasures, type SourceFile, type StudyContents, type StudyEntry } from "./contents";

/** A study as the list of all of them has it. */
export function studyEntry(study: Study, names: Pick<StudyEntry, "key" | "file">): StudyEntry {
  const { corpus, title, task, classNames, encoder, attention, seed, profile, config, scores, rows } = study;
  const means = comparedMeasures.map((measure) => {
    const values = rows.flatMap((row) => row[measure] ?? []);
    return [measure, values.length > 0 ? mean(values) : undefined];
  });
  return {
    ...names,
    ...{ corpus, title, task, classNames, encoder, attention, seed, profile, scores },
    weights: config.attentionWeights,
    means: Object.fromEntries(means),
    lessTauLeaveOneOut: meanDifference("leave-one-out", study),
    lessTauGradient: meanDifference("gradient", study),
    published: {
      lessTauLeaveOneOut: publishedDifference("leave-one-out", study),
      lessTauGradient: publishedDifference("gradient", study),
    },
  };
}

function publishedDifference(yardstick: Yardstick, { corpus, encoder, attention, config }: Study): number | undefined {
  if (!isPaperCorpus(corpus) || config.attentionWeights !== "softmax") return undefined;
  return publishedYardstick(yardstick, { corpus, encoder, attention });
}

function meanDifference(yardstick: Yardstick, { rows }: Study): number | undefined {
  const values = yardstickDifferences(yardstick, rows);
  return values.length > 0 ? mean(values) : undefined;
}

/** Everything that the page shows of a study but its texts. */
export function studyContents(study: Study, textsOfFile: number): StudyContents {
  const { rows, about, summary, classNames, encoder, attention, corpus } = study;
  const run = { corpus, encoder, attention, classNames };
  const compared = againstPaper(study);
  return {
    rows: compactRows(rows, instanceColumns),
    about,
    seconds: summary.seconds,
    textsOfFile,
    files: filesOf(corpus),
    adversaries: summarizeAdversaries(rows, classNames),
    curve: exactCurve(rows, classNames),
    publishedScores: publishedScores(corpus, run),
    ...compared,
  };
}

type AgainstPaper = Pick<StudyContents, "comparison" | "counterfactuals" | "answers" | "notCompared">;

/** The tables and sentences against the paper, or why there are none. */
function againstPaper(study: Study): AgainstPaper {
  const { rows, classNames, encoder, attention, corpus, task, config } = study;
  const none = { comparison: [], counterfactuals: [], answers: { correlation: [], counterfactual: [] } };
  if (config.attentionWeights !== "softmax") {
    const notCompared = `The paper's attention weights come from a softmax, these from ${config.attentionWeights}, so they are not compared with it.`;
    return { ...none, notCompared };
  }
  const run = { corpus, encoder, attention, classNames, task };
  try {
    const comparison = compareWithPaper(rows, run);
    const counterfactuals = compareCounterfactuals(rows, run);
    return {
      comparison,
      counterfactuals,
      answers: {
        correlation: paragraphs(answerCorrelation(rows, run), describeAgreement(comparison, run)),
        counterfactual: paragraphs(answerCounterfactual(rows, run), describeCounterfactuals(counterfactuals, run)),
      },
      notCompared: "",
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...none, notCompared: error.message };
  }
}

function paragraphs(...texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "");
}

function filesOf(name: string): SourceFile[] {
  const files = corpora.find((corpus) => corpus.name === name)?.files ?? [];
  return files.map(({ url, sha256 }) => ({ url, sha256 }));
}
