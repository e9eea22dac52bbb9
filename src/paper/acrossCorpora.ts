import {
  type ComparedRow,
  type ComparedRun,
  checkRun,
  comparedSummaries,
  type Measure,
  measures,
  symbols,
} from "./compare";
import { three } from "./numberWords";
import { agreementThresholds } from "./verdict";

interface Group {
  measure: Measure;
  name: string;
  corpus: string;
  mean: number;
}

/**
 * Research question 1 over several corpora: from where to where the means go, how strong they are by the words of
 * `agreementThresholds`, and what that says of the paper's claim that the agreement is weak and not consistent.
 *
 * A mean is that of a corpus, predicted class and correlation, as in Table 2. The claim is contradicted where all are
 * strong, in part where some are; else it holds.
 */
export function answerAcrossCorpora(runs: readonly (ComparedRun & { rows: readonly ComparedRow[] })[]): string {
  for (const run of runs) checkRun(run);
  const groups = runs.flatMap((run) => measures.flatMap((measure) => groupsOf(run, measure)));
  const corpora = [...new Set(runs.map(({ corpus }) => corpus))];
  const opening = `**Over ${corpora.length} ${corpora.length === 1 ? "corpus" : "corpora"}** (${corpora.join(", ")}), ${groups.length} means of a corpus, predicted class and correlation:\n`;
  if (groups.length === 0) return `${opening}\nNothing is defined, so the question stays open.`;
  const ranges = measures.flatMap((measure) => rangeOf(groups.filter((group) => group.measure === measure)));
  return [opening, ...ranges.map((line) => `- ${line}`), `- ${strengths(groups)}`, `\n${verdict(groups, runs)}`].join(
    "\n",
  );
}

function groupsOf(run: ComparedRun & { rows: readonly ComparedRow[] }, measure: Measure): Group[] {
  return comparedSummaries(run.rows, measure, run).flatMap(({ class: name, mean }) =>
    mean === undefined ? [] : [{ measure, corpus: run.corpus, name: `${run.corpus}, ${name}`, mean }],
  );
}

function rangeOf(groups: readonly Group[]): string[] {
  if (groups.length === 0) return [];
  const [lowest, highest] = [[...groups].sort(byMean)[0]!, [...groups].sort(byMean).at(-1)!];
  return [
    `Mean ${symbols[lowest.measure]} goes from ${three(lowest.mean)} (${lowest.name}) to ${three(highest.mean)} (${highest.name}).`,
  ];
}

function byMean(one: Group, other: Group): number {
  return one.mean - other.mean;
}

function strengths(groups: readonly Group[]): string {
  const { strong, moderate, weak } = agreementThresholds;
  const between = (from: number, to: number) => groups.filter(({ mean }) => mean >= from && mean < to).length;
  const infinity = Number.POSITIVE_INFINITY;
  return `Strong (from ${strong}): ${between(strong, infinity)}; moderate (from ${moderate}): ${between(moderate, strong)}; weak (from ${weak}): ${between(weak, moderate)}; none, or contrary: ${between(-infinity, weak)}.`;
}

function verdict(groups: readonly Group[], runs: readonly ComparedRun[]): string {
  const others = [...new Set(runs.map(({ encoder }) => encoder))].filter((encoder) => encoder !== "bilstm");
  if (others.length > 0)
    return `The paper's claim is about the BiLSTM; the encoder ${others.join(", ")} does not test it.`;
  const strong = groups.filter(({ mean }) => mean >= agreementThresholds.strong);
  const where = [...new Set(strong.map(({ corpus }) => corpus))].join(", ");
  const claim = "The paper's finding, that the agreement is weak and not consistent for a BiLSTM,";
  if (strong.length === groups.length) return `${claim} is **contradicted** here: every mean is strong.`;
  if (strong.length > 0)
    return `${claim} is **contradicted in part**: ${strong.length} of ${groups.length} means are strong (${where}).`;
  const moderate = groups.filter(({ mean }) => mean >= agreementThresholds.moderate).length;
  const caution = moderate === 0 ? "" : `, though ${moderate} of ${groups.length} are moderate rather than weak`;
  return `${claim} **holds** here: no mean is strong${caution}.`;
}
