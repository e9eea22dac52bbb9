import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { type Importance, importance } from "../analysis/importance";
import { importances as builtIn } from "../analysis/importances/all";
import { isBinary } from "../data/dataset";
import { readBytes } from "../data/files/archive";
import { readJsonLines } from "../data/files/lines";
import { UserError } from "../errors";
import { sha256 } from "../sha256";
import { type Analysis, type AnalysisOptions, columnsOf, resolveAnalysis } from "./analysis";
import { Chunk } from "./chunk";
import type { ModelConfig } from "./config";
import { keepExports } from "./exports";
import { type Manifest, writeParts } from "./files";
import { configurationName, formatVersion, type StudyIdentity, studyFolder } from "./identity";
import { type Cells, parquetRows } from "./parquet";
import { partsOf } from "./parts";
import { type Study, toStudy } from "./study";
import { scoresOf } from "./testScores";

/** What is said of rows from elsewhere beside what their file holds. */
export interface RowsFrom {
  /** The name of the corpus. Default: the file's, without its suffix. */
  corpus?: string;
  /** What the model is, as in "bert". Default "given". */
  encoder?: string;
  /** What its attention is, as in "last layer". Default "given". */
  attention?: string;
  /** The classes in their order; of two the second is the positive one. Default: in the order of their letters. */
  classNames?: readonly string[];
}

const texts = z.array(z.string());
const numbers = z.array(z.number().finite());
const name = z.union([z.string(), z.number()]).transform(String);

const columns = {
  id: z.string().optional(),
  tokens: texts.optional(),
  question: texts.optional(),
  attention: numbers.min(1),
  predicted: name,
  label: name,
  probability: z.number().min(0).max(1),
  logit: z.number().finite().optional(),
  contribution: numbers.optional(),
};

/** A text as the file has it; every other list of numbers is an importance of its name. */
const checkedRow = z
  .object(columns)
  .catchall(z.union([numbers, name]))
  .superRefine(({ attention, question: _, ...others }, { addIssue }) => {
    const fault = (column: string, message: string) => addIssue({ code: "custom", path: [column], message });
    const sum = attention.reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum - 1) > 1e-3 || attention.some((weight) => weight < 0))
      fault("attention", `must be from 0 and sum to 1, but sums to ${sum.toPrecision(4)}`);
    for (const [column, list] of Object.entries(others))
      if (Array.isArray(list) && list.length !== attention.length && (list.length > 0 || column === "tokens"))
        fault(column, `must have an entry for each of the ${attention.length} words, but has ${list.length}`);
  });
type Row = z.infer<typeof checkedRow>;
const rowSchema = z.preprocess(withoutNulls, checkedRow) as z.ZodType<Row>;

function withoutNulls(row: unknown): unknown {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, value]) => value !== null));
}

/**
 * A study of texts that another program has analysed, one row a text. All that needs no model is computed of them:
 * agreements, measures and, where a row says what each word contributes to the logit, the interventions.
 *
 * @param path a Parquet file or JSON lines (.jsonl) with the columns of a study's own `texts.parquet`: `attention`, `predicted`,
 *   `label`, `probability`, perhaps `id`, `tokens`, `question`, `logit` with `contribution`, and importances by their names
 * @param seed of the training run
 * @param out results are written to a folder of the study's own below this one, where the report finds them
 * @throws UserError with the row for what is missing or cannot be
 */
export async function readExchange(
  path: string,
  seed: number,
  { corpus = basename(path).replace(/\.\w+$/, ""), encoder = "given", attention = "given", ...given }: RowsFrom,
  options: AnalysisOptions,
  out: string,
): Promise<Study> {
  const rows = await rowsOf(path);
  const found = importancesIn(rows, options, path);
  const classNames = classesOf(rows, given.classNames, path);
  const purpose = { task: rows[0]!.question ? "inference" : "classification", classNames } as const;
  const cells = cellsOf(rows, found, purpose);
  const bias = isBinary(purpose) ? biasOf(rows, classNames, path) : undefined;
  const config = { encoder, attention, attentionWeights: "softmax", seed } as ModelConfig;
  const data = sha256(JSON.stringify(rows));
  const model = { formatVersion: 0, backend: "none", corpus, data, config };
  const identity: StudyIdentity = { formatVersion, profile: "given", model, texts: data, options: {} };
  const origin = `The file ${basename(path)}, as another program wrote it.`;
  const about = { title: corpus, ...purpose, origin, licence: "your own", citation: "your own", notes: [] };
  const manifest: Manifest = {
    ...{ name: configurationName(identity), identity, bias, parts: [], columns: [], files: {} },
    about: {
      corpus: { ...about, train: 0, dev: 0, test: rows.length, vocabulary: 0 },
      environment: { node: process.versions.node, backend: "that of another program", libtensorflow: undefined },
      log: [],
    },
    scores: scoresOf(purpose, cells),
  };
  const analysis = resolveAnalysis({ ...options, importances: [...(options.importances ?? []), ...found] });
  const kept = { ...analysis, importances: analysis.importances.filter((one) => one.name in cells) };
  return analysed(studyFolder(out, identity), manifest, kept, cells);
}

/** Computes what needs no model, and keeps all in the study's folder. */
async function analysed(folder: string, empty: Manifest, analysis: Analysis, given: Cells): Promise<Study> {
  const { bias, identity, about } = empty;
  const parts = partsOf(analysis, { isLinear: isBinary(about.corpus), words: true });
  const chunk = new Chunk({ seed: identity.model.config.seed, importances: analysis.importances, cells: given, bias });
  const made = await chunk.compute(parts.filter(({ kind }) => kind !== "prediction" && kind !== "importance"));
  const cells = { ...given, ...made.cells };
  const columns = columnsOf(analysis);
  const timed = parts.map((part) => ({ ...part, seconds: made.seconds[part.name] ?? 0 }));
  const manifest = await writeParts(folder, empty, "texts.parquet", timed, cells, columns);
  const study = toStudy({ folder, manifest, source: "computed", columns, parts, stored: [], cells });
  await keepExports(study, manifest, "");
  return study;
}

/** What Parquet has is checked as JSON lines are; nothing stands where there is no value. */
async function rowsOf(path: string): Promise<Row[]> {
  const isParquet = /\.parquet$/i.test(path);
  const whole = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);
  const toLine = (row: object) => Buffer.from(`${JSON.stringify(row, whole)}\n`);
  const bytes = isParquet && (await buffer(readBytes(path, { bytes: 256 * 1024 * 1024 })));
  const content = bytes ? (await parquetRows(bytes)).map(toLine) : undefined;
  const rows: Row[] = [];
  for await (const { value } of readJsonLines({ path, content }, rowSchema)) rows.push(value);
  if (rows.length > 0) return rows;
  throw new UserError(`${path} must have a row for each text, but has none; write them.`);
}

/** Those that the rows have beside the ones that are asked for: built-in ones by their names, others as they are called. */
function importancesIn(rows: readonly Row[], { importances: asked = [] }: AnalysisOptions, path: string): Importance[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row).filter((column) => Array.isArray(row[column]))));
  const known = [...Object.keys(columns), ...asked.map((one) => (typeof one === "string" ? one : one.name))];
  const meaning = `As ${basename(path)} has it.`;
  const asGiven = (title: string) =>
    importance(title, { symbol: title, meaning, version: 1, compute: async ({ texts }) => texts.map(() => []) });
  const own = [...names].filter((one) => !known.includes(one) && !one.endsWith("Attention"));
  return own.map((one) => builtIn.find((importance) => importance.name === one) ?? asGiven(one));
}

function classesOf(rows: readonly Row[], given: readonly string[] | undefined, path: string): string[] {
  const names = [...new Set(rows.flatMap(({ label, predicted }) => [label, predicted]))].sort();
  const classNames = [...(given ?? names)];
  if (classNames.length >= 2 && names.every((one) => classNames.includes(one))) return classNames;
  throw new UserError(
    `The rows of ${path} must be of two classes or more, those of classNames where they are given, but their labels and predictions are ${names.join(", ")}; name all classes in classNames.`,
  );
}

/** The rows by column; of two classes with the logit of the second, which follows from the probability where it is not given. */
function cellsOf(rows: readonly Row[], importances: readonly Importance[], { classNames }: { classNames: string[] }) {
  const ofRows = ["predicted", "label", "probability", "tokens", "question", "attention", "contribution"] as const;
  const cells: Cells = Object.fromEntries(ofRows.map((column) => [column, rows.map((row) => row[column])]));
  cells.id = rows.map(({ id }, index) => id ?? `text-${index + 1}`);
  cells.logit = rows.map(({ logit, predicted, probability }) => {
    const second = predicted === classNames[1] ? probability : 1 - probability;
    return logit ?? Math.log(second / (1 - second));
  });
  for (const { name } of importances)
    cells[name] = rows.map(({ [name]: values }) => (Array.isArray(values) && values.length > 0 ? values : undefined));
  return cells;
}

/** logit = Σ attention · contribution + bias of every row; undefined where they do not say what words contribute. */
function biasOf(rows: readonly Row[], classNames: readonly string[], path: string): number | undefined {
  let bias: number | undefined;
  for (const [index, { logit, contribution, attention, predicted }] of rows.entries()) {
    if (logit === undefined || contribution === undefined) return undefined;
    const rest = logit - attention.reduce((sum, weight, t) => sum + weight * contribution[t]!, 0);
    bias ??= rest;
    const isSame = Math.abs(rest - bias) <= 1e-3 * Math.max(1, Math.abs(logit));
    if (isSame && (predicted === classNames[1]) === logit >= 0) continue;
    throw new UserError(
      `Row ${index + 1} of ${path} must have as logit that of the class "${classNames[1]}", the sum of attention · contribution and one bias for all rows, but it is ${isSame ? "that of another class" : "another number"}; correct it, or give rows without logit and contribution.`,
    );
  }
  return bias;
}
