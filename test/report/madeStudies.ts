import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { exactColumns } from "../../src/stats/exactCurve";
import { createRandom, type Random } from "../../src/stats/random";
import { mean } from "../../src/stats/summary";
import type { InstanceRow, TextWeights } from "../../src/study/analyze";
import { type ModelConfig, modelConfig } from "../../src/study/config";
import { type StudyAbout, writeStudy } from "../../src/study/files";
import type { StudySummary } from "../../src/study/summary";
import { hostileWords } from "../figures/hostileWords";

/** A study with random numbers: what it looks like is tested, not what it says. */
export interface MadeStudy {
  corpus: string;
  options?: Partial<ModelConfig>;
  count: number;
  /** Default: two. */
  classNames?: string[];
  /** Whether the words of the texts may be shown; the first text has words that do harm where they are not escaped. */
  withTexts?: boolean;
}

/** Writes a study's folder below `root`. @returns the texts */
export async function makeStudy(
  root: string,
  { corpus, options, count, classNames = ["negative", "positive"], withTexts = false }: MadeStudy,
): Promise<{ rows: InstanceRow[]; texts: TextWeights[] }> {
  const config = modelConfig({ ...options });
  const random = createRandom(JSON.stringify([corpus, config]));
  const isBinary = classNames.length === 2;
  const rows = Array.from({ length: count }, (_, index) => madeRow(random, index, classNames));
  const texts = withTexts ? rows.map((row, index) => madeText(random, row, index)) : [];
  const task = isBinary ? "classification" : "question answering";
  const counts = { train: 10 * count, dev: count, test: count, vocabulary: 500 };
  const sources = {
    origin: "Random numbers.",
    licence: "none",
    citation: "nobody",
    notes: [`Made of ${count} texts.`],
  };
  const analysis = {};
  const about: StudyAbout = {
    identity: { formatVersion: 2, corpus, profile: "quick", config, analysis, examples: "0".repeat(64) },
    corpus: { title: `Made corpus ${corpus}`, task, classNames, ...counts, ...sources },
    environment: { node: "20.19.0", backend: "native", libtensorflow: "2.15.1" },
    log: [1, 2, 3].map((epoch) => ({ epoch, loss: 1 / epoch, devScore: 0.7 + 0.05 * epoch, seconds: 1 })),
  };
  const accuracy = mean(rows.map((row) => Number(row.predicted === row.label)));
  const seconds = { training: 3 } as StudySummary["seconds"];
  const summary: StudySummary = {
    ...{ corpus, task, encoder: config.encoder, attention: config.attention, seed: config.seed, notes: [], seconds },
    scores: { texts: count, accuracy, f1: isBinary ? accuracy : undefined, macroF1: accuracy, auc: undefined },
    classes: [],
  };
  const folder = join(root, corpus, `${config.encoder}-${config.attention}`, `seed-${config.seed}`);
  mkdirSync(folder, { recursive: true });
  await writeStudy(folder, { about, summary, rows, texts });
  return { rows, texts };
}

export function madeRow(random: Random, index: number, classNames: readonly string[]): InstanceRow {
  const label = classNames[random.integer(classNames.length)]!;
  const predicted = random.uniform() < 0.8 ? label : classNames[random.integer(classNames.length)]!;
  // In a large study few correlations are defined, as their bootstrap intervals take seconds.
  const hasTau = classNames.length === 2 ? index % 10 > 0 : index % 50 === 0;
  const correlation = () => ({
    tau: hasTau ? 2 * random.uniform() - 1 : undefined,
    p: hasTau ? random.uniform() : undefined,
    why: hasTau ? "" : "saturated output",
  });
  const [gradient, leaveOneOut, both] = [correlation(), correlation(), correlation()];
  const exact = 0.3 + 0.39 * random.uniform();
  const isFound = random.uniform() < 0.9;
  return {
    ...{ id: `test-${index}`, words: 4 + random.integer(20), predicted, label },
    ...{ probability: 0.5 + 0.5 * random.uniform(), maxAttention: random.uniform() },
    ...{ tauGradient: gradient.tau, tauGradientPValue: gradient.p, tauGradientUndefined: gradient.why },
    ...{
      tauLeaveOneOut: leaveOneOut.tau,
      tauLeaveOneOutPValue: leaveOneOut.p,
      tauLeaveOneOutUndefined: leaveOneOut.why,
    },
    tauGradientLeaveOneOut: both.tau,
    tauGradientLeaveOneOutPValue: both.p,
    tauGradientLeaveOneOutUndefined: both.why,
    ...{ permutationTvd: 0.5 * random.uniform(), searchFeasible01: isFound ? 5 : 0, searchFeasible05: 5 },
    ...{ searchJsd01: isFound ? exact * random.uniform() : undefined, searchJsd05: exact * random.uniform() },
    ...(Object.fromEntries(
      exactColumns.map(({ column }) => [column, classNames.length === 2 ? exact : undefined]),
    ) as Pick<InstanceRow, (typeof exactColumns)[number]["column"]>),
  };
}

function madeText(random: Random, { id, words, searchFeasible01 }: InstanceRow, index: number): TextWeights {
  const own = Array.from({ length: words }, () => `word${random.integer(300)}`);
  const text = index === 0 ? hostileWords : index === 7 ? ["the", "needle", "in", "a", "haystack"] : own;
  const weights = () => text.map(() => Number(random.uniform().toPrecision(4)));
  const leaveOneOut = weights().map((weight, place) => (place === 2 ? null : weight));
  const adversarial = searchFeasible01 > 0 ? weights() : null;
  return { id, words: text, attention: weights(), gradient: weights(), leaveOneOut, adversarial, exact: weights() };
}
