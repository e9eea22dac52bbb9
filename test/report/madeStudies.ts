import { mkdirSync } from "node:fs";
import { createRandom, type Random } from "../../src/stats/random";
import { type AnalysisOptions, columnsOf, resolveAnalysis } from "../../src/study/analysis";
import { modelConfig } from "../../src/study/config";
import { type Manifest, writeParts } from "../../src/study/files";
import { configurationName, formatVersion, type StudyOptions, studyFolder } from "../../src/study/identity";
import type { Cell, Cells } from "../../src/study/parquet";
import { partsOf } from "../../src/study/parts";
import { readStudy, type Study } from "../../src/study/study";
import { scoresOf } from "../../src/study/testScores";
import { hostileWords } from "../figures/hostileWords";

/** A study with random numbers: what it looks like is tested, not what it says. */
export interface MadeStudy {
  corpus: string;
  options?: StudyOptions;
  analysis?: AnalysisOptions;
  count: number;
  /** Default: two. */
  classNames?: string[];
  /** Whether the words of the texts may be shown; the first text has words that do harm where they are not escaped. */
  withTexts?: boolean;
  /** Whether the predictions are mostly right; default true. */
  isSolved?: boolean;
  /** Of a file of one's own: what its rows are known by. */
  rows?: string;
}

/** Writes a study's folder below `root`, as one that was computed is written. */
export async function makeStudy(root: string, made: MadeStudy): Promise<Study> {
  const { corpus, options = {}, count, classNames = ["negative", "positive"], withTexts = false, rows } = made;
  const analysis = resolveAnalysis(made.analysis);
  const config = modelConfig(options);
  const task = classNames.length === 2 ? "classification" : "question answering";
  const model = { formatVersion: 2, backend: "native", corpus, data: (rows ?? "").padEnd(64, "0"), config };
  const { encoder: _, attention: __, seed: ___, ...differing } = options;
  const identity = { formatVersion, profile: "quick", model, texts: "0".repeat(64), options: differing } as const;
  const random = createRandom(JSON.stringify([corpus, options]));
  const parts = partsOf(analysis, { isLinear: task === "classification", words: withTexts });
  const columns = columnsOf(analysis);
  const cells = madeCells(random, createRandom(corpus), { ...made, classNames, columns });
  const folder = studyFolder(root, identity);
  mkdirSync(folder, { recursive: true });
  const counts = { train: 10 * count, dev: count, test: count, vocabulary: 500 };
  const sources = {
    origin: "Random numbers.",
    digest: rows,
    licence: "none",
    citation: "nobody",
    notes: [`Of ${count} texts.`],
  };
  const manifest: Manifest = {
    ...{ name: configurationName(identity), identity, parts: [], columns: [], files: {} },
    about: {
      corpus: { title: `Made corpus ${corpus}`, task, classNames, ...counts, ...sources },
      environment: { node: "20.19.0", backend: "native", libtensorflow: "2.15.1" },
      log: [1, 2, 3].map((epoch) => ({ epoch, loss: 1 / epoch, devScore: 0.7 + 0.05 * epoch, seconds: 1 })),
    },
    scores: scoresOf({ task, classNames }, { ...cells, logit: cells.probability! }),
  };
  const timed = parts.map((part) => ({ ...part, seconds: 1 }));
  await writeParts(folder, manifest, "texts.parquet", timed, withLists(random, cells, parts), columns);
  return readStudy(folder);
}

type Making = Pick<MadeStudy, "count" | "withTexts" | "isSolved"> & {
  classNames: string[];
  columns: ReturnType<typeof columnsOf>;
};

/** Numbers within their ranges; every tenth agreement is undefined, and so is every tenth find of the search. */
function madeCells(
  random: Random,
  /** Decides what the studies of a corpus share. */
  ofCorpus: Random,
  { count, classNames, columns, withTexts, isSolved = true }: Making,
): Record<string, Cells[string]> {
  const each = <T>(of: (index: number) => T) => Array.from({ length: count }, (_, index) => of(index));
  const oneOf = (names: readonly string[], by = random) => names[by.integer(names.length)]!;
  const tokens = each((index) => {
    if (index === 0) return hostileWords;
    if (index === 7) return ["the", "needle", "in", "a", "haystack"];
    return Array.from({ length: 4 + ofCorpus.integer(20) }, () => `word${ofCorpus.integer(300)}`);
  });
  const label = each(() => oneOf(classNames, ofCorpus));
  const numberOf = ({ name, range = [0, 20], reason }: (typeof columns)[number]) =>
    each((index) => {
      if (index % 10 === 0 && (reason !== undefined || name.startsWith("searchJsd"))) return undefined;
      return range[0] + (range[1] - range[0]) * random.uniform();
    });
  return {
    ...Object.fromEntries(
      columns.filter(({ kind }) => kind === "number").map((column) => [column.name, numberOf(column)]),
    ),
    ...Object.fromEntries(
      columns.flatMap(({ reason }) =>
        reason ? [[reason, each((index) => (index % 10 ? "" : "saturated output"))]] : [],
      ),
    ),
    ...{ id: each((index) => `test-${index}`), label, words: tokens.map(({ length }) => length) },
    predicted: label.map((name) => (random.uniform() < (isSolved ? 0.8 : 0.05) ? name : oneOf(classNames))),
    logit: each(() => random.normal()),
    question: each(() => undefined),
    ...(withTexts && { tokens }),
  };
}

/** With a number for each word where a part has such. */
function withLists(random: Random, cells: Record<string, Cells[string]>, parts: ReturnType<typeof partsOf>): Cells {
  const lists = parts
    .flatMap(({ columns }) => Object.entries(columns))
    .filter(([, kind]) => kind === "numbers")
    .map(([name]): [string, Cell[]] => [
      name,
      cells.words!.map((words) => Array.from({ length: words as number }, () => random.uniform())),
    ]);
  return { ...cells, ...Object.fromEntries(lists) };
}
