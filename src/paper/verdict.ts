import { allClasses, type CorrelationSummary, summarizeByClass } from "../stats/correlationSummary";
import {
  type ComparedRow,
  type ComparedRun,
  type ComparisonRow,
  checkRun,
  comparedSummaries,
  type Measure,
  measures,
  metricOf,
  paperModel,
  publishedNoise,
  publishedRange,
  symbols,
} from "./compare";
import { percent, signed, three } from "./numberWords";
import { isPaperCorpus } from "./published";

/**
 * The words for a mean tau, by its absolute value: "strong" from 0.5, "moderate" from 0.3, "weak" from 0.1, else "no".
 *
 * Without ties, a share of (1 + tau) / 2 of the word pairs is ordered alike: 75 % at 0.5, 65 % at 0.3, 55 % at 0.1,
 * 50 % by chance. The thresholds are this study's; the paper names none and calls the question subjective
 * (section 6).
 */
export const agreementThresholds = { strong: 0.5, moderate: 0.3, weak: 0.1 } as const;

/** "strong agreement", "moderate agreement", "weak agreement" or "no agreement", with "disagreement" below 0. */
export function agreementWords(tau: number): string {
  const size = Math.abs(tau);
  const strength = (["strong", "moderate", "weak"] as const).find((word) => size >= agreementThresholds[word]);
  if (strength === undefined) return "no agreement";
  return `${strength} ${tau < 0 ? "disagreement" : "agreement"}`;
}

/**
 * Whether our means of tau are as close to the paper's as its own two runs are to each other, in a sentence for each
 * correlation.
 *
 * For a corpus that the paper does not have it says so, and whether our means lie within the range over the paper's
 * binary classification corpora.
 *
 * @param comparison what `compareWithPaper` returned for the run
 */
export function describeAgreement(comparison: readonly ComparisonRow[], run: ComparedRun): string {
  checkRun(run);
  const sentences = measures.map((measure) => {
    const rows = comparison.filter((row) => row.measure === measure && row.statistic === "mean");
    return isPaperCorpus(run.corpus) ? closeness(measure, rows, run) : placeInRange(measure, rows, run);
  });
  const closing = isPaperCorpus(run.corpus)
    ? "This compares one trained model of ours with one published run; it does not tell chance from a difference in data or method."
    : "Other texts, other numbers: this places our result among the paper's, it does not reproduce one.";
  const opening = isPaperCorpus(run.corpus) ? [] : [`The paper has no corpus "${run.corpus}".`];
  return [...opening, "", ...sentences.map((sentence) => `- ${sentence}`), "", closing].join("\n");
}

function closeness(measure: Measure, rows: readonly ComparisonRow[], run: ComparedRun): string {
  const compared = rows.filter((row) => row.difference !== undefined);
  const without = rows
    .filter((row) => row.difference === undefined)
    .map((row) => ` Not compared: ${symbols[measure]} of ${row.class} (${row.missing}).`)
    .join("");
  if (compared.length === 0) return `${symbols[measure]}: there is nothing to compare.${without}`;
  const cells = compared.map(
    (row) => `${three(row.ours!)} for ${row.class} (paper ${three(row.paper!)}, difference ${signed(row.difference!)})`,
  );
  return `Mean ${symbols[measure]} on ${run.corpus} is ${list(cells)}. ${withinNoise(measure, compared, run)}${without}`;
}

function withinNoise(measure: Measure, rows: readonly ComparisonRow[], run: ComparedRun): string {
  const noise = publishedNoise({ ...paperModel(run), metric: metricOf(measure, "mean") });
  const largest = Math.max(...rows.map((row) => Math.abs(row.difference!)));
  const subject = rows.length === 1 ? "The difference" : "The largest difference";
  const runs = `the paper's two runs of ${run.encoder} with ${run.attention} attention`;
  if (largest <= noise.mean) {
    return `${subject} is within ${three(noise.mean)}, by which ${runs} differ on average: within the published noise.`;
  }
  const usual = `${subject} is more than ${three(noise.mean)}, by which ${runs} differ on average,`;
  if (largest <= noise.max) {
    return `${usual} but not more than ${three(noise.max)}, by which they differ at most (${noise.maxAt}): at the edge of the published noise.`;
  }
  return `${usual} and more than ${three(noise.max)}, by which they differ at most (${noise.maxAt}): outside the published noise, not reproduced.`;
}

function placeInRange(measure: Measure, rows: readonly ComparisonRow[], run: ComparedRun): string {
  const range = publishedRange({ ...paperModel(run), metric: metricOf(measure, "mean") });
  const cells = rows.map((row) => {
    if (row.ours === undefined) return `not known for ${row.class} (${row.missing})`;
    const place = row.ours < range.low ? "below it" : row.ours > range.high ? "above it" : "inside";
    return `${three(row.ours)} for ${row.class}, ${place}`;
  });
  return (
    `Over the ${range.cells} class means of its binary classification corpora (${run.encoder}, ${run.attention}), ` +
    `mean ${symbols[measure]} goes from ${three(range.low)} (${range.lowAt}) to ${three(range.high)} (${range.highAt}); ` +
    `ours is ${list(cells)}.`
  );
}

/**
 * Research question 1 answered from our rows: how far attention agrees with each measure of importance, and whether
 * that supports or contradicts the paper.
 *
 * The words for a mean are those of `agreementThresholds`. The paper's claims: that attention
 * correlates with importance is one of two properties of which "neither [...] is consistently observed by a BiLSTM with
 * a standard attention mechanism" (introduction; contradicted where the mean of every predicted class and measure is
 * strong, in part where some are); attention weights are "frequently uncorrelated
 * with gradient-based measures" (abstract; supported where τ_g is not significant, p > .05, in at least a third of the
 * instances, contradicted below a twentieth).
 */
export function answerCorrelation(rows: readonly ComparedRow[], run: ComparedRun): string {
  checkRun(run);
  const found = measures.map((measure) => {
    const summaries = summarizeByClass<Measure>(rows, measure, run);
    return describeMeasure(measure, summaries.find((summary) => summary.class === allClasses)!);
  });
  const opening = `**${run.corpus}**, ${run.encoder} with ${run.attention} attention, ${rows.length} texts:\n`;
  const verdict = [consistencyVerdict(rows, run), frequencyVerdict(rows, run)].filter(Boolean).join(" ");
  return [opening, ...found.map((sentence) => `- ${sentence}`), `\n${verdict}`].join("\n");
}

function describeMeasure(measure: Measure, summary: CorrelationSummary): string {
  const reasons = Object.entries(summary.undefinedByReason).map(([reason, count]) => `${reason}: ${count}`);
  const missing =
    reasons.length > 0 ? ` It is undefined for ${summary.n - summary.defined} (${reasons.join(", ")}).` : "";
  if (summary.mean === undefined) return `Attention and ${symbols[measure]}: no instance has a defined τ.${missing}`;
  const interval =
    summary.meanLow === undefined ? "" : ` (95 % interval ${three(summary.meanLow)} to ${three(summary.meanHigh!)})`;
  return (
    `Mean ${symbols[measure]} is ${three(summary.mean)}${interval}: ${agreementWords(summary.mean)}; ` +
    `${percent(summary.aboveHalf!)} of the instances are above 0.5, ` +
    `${percent(summary.significantOfDefined!)} are significant (p ≤ .05).${missing}`
  );
}

/** The paper's property (i), for the encoder that it is claimed of. */
function consistencyVerdict(rows: readonly ComparedRow[], run: ComparedRun): string {
  if (run.encoder !== "bilstm") {
    return `The paper's claim, that the agreement is not consistently observed, is about the BiLSTM; the encoder ${run.encoder} does not test it.`;
  }
  const groups = measures.flatMap((measure) =>
    comparedSummaries(rows, measure, run).flatMap((summary) =>
      summary.mean === undefined ? [] : [{ name: `${symbols[measure]} of ${summary.class}`, mean: summary.mean }],
    ),
  );
  if (groups.length === 0) return "Nothing is defined, so the question stays open on this corpus.";
  const strong = groups.filter((group) => group.mean >= agreementThresholds.strong).map((group) => group.name);
  const others = groups.filter((group) => group.mean < agreementThresholds.strong).map((group) => group.name);
  const claim = "the paper's claim that the agreement is not consistently observed";
  if (others.length === 0) return `This contradicts ${claim}: here it is strong for ${list(strong)}.`;
  if (strong.length > 0) {
    return `This contradicts ${claim} in part: it is strong for ${list(strong)}, but not for ${list(others)}.`;
  }
  const moderate = groups.filter((group) => group.mean >= agreementThresholds.moderate).map((group) => group.name);
  return moderate.length === 0
    ? `This supports ${claim}: it is not even moderate for any predicted class or measure.`
    : `This supports ${claim}: it is strong nowhere; but it is not absent, it is moderate for ${list(moderate)}.`;
}

/** The abstract's "frequently uncorrelated with gradient-based measures", by the share without a significant τ_g. */
function frequencyVerdict(rows: readonly ComparedRow[], run: ComparedRun): string {
  const summaries = summarizeByClass<Measure>(rows, "tauGradient", { ...run, resamples: 0 });
  const all = summaries.find((summary) => summary.class === allClasses)!;
  if (all.significantOfDefined === undefined || run.encoder !== "bilstm") return "";
  const without = 1 - all.significantOfDefined;
  const claim = `"frequently uncorrelated with gradient-based measures"`;
  const caution = "in a short text also a real correlation is often not significant";
  if (without < 1 / 20) {
    return `Its ${claim} is contradicted: τ_g is significant in all but ${percent(without)} of the instances, which says that it is not 0, not that it is strong.`;
  }
  const judgement = without >= 1 / 3 ? "is supported" : "is supported in part";
  return `Its ${claim} ${judgement}: τ_g is not significant in ${percent(without)} of the instances; but ${caution}.`;
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
