import { corpora } from "../data/catalog";
import { epsilonTable, exactCurve } from "../paper/adversaries";
import { besidePaper } from "../paper/besidePaper";
import { yardstickRows } from "../paper/means";
import { publishedScores } from "../paper/scores";
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
    ...yardsticks(study, "ours"),
    published: yardsticks(study, "authors' re-run"),
  };
}

/** The means of figures 3 and 4 of a study, ours or published. */
function yardsticks(study: Study, source: "ours" | "authors' re-run") {
  const rows = yardstickRows({ configurations: [study] }).filter(
    (row) => row.source === source && row.corpus === study.corpus,
  );
  const of = (name: string) => rows.find(({ measure }) => measure === name)?.mean;
  return { lessTauLeaveOneOut: of("lessTauLeaveOneOut"), lessTauGradient: of("lessTauGradient") };
}

/** Everything that the page shows of a study but its texts. */
export function studyContents(study: Study, textsOfFile: number): StudyContents {
  const { rows, about, summary, corpus } = study;
  const run = { configurations: [study] };
  return {
    rows: compactRows(rows, instanceColumns),
    about,
    seconds: summary.seconds,
    textsOfFile,
    files: filesOf(corpus),
    adversaries: epsilonTable(run).rows,
    curve: exactCurve(run),
    publishedScores: publishedScores(run)[0],
    comparison: besidePaper(run).rows,
  };
}

function filesOf(name: string): SourceFile[] {
  const files = corpora.find((corpus) => corpus.name === name)?.files ?? [];
  return files.map(({ url, sha256 }) => ({ url, sha256 }));
}
