import { basename } from "node:path";
import { UserError } from "../errors";
import { checkClasses, corpusNames, takeSome } from "./catalog";
import { type PreparedTexts, type ReadOptions, splits } from "./corpus";
import type { Dataset, Example, Split } from "./dataset";
import { formatOf, readRows, type TableFormat } from "./files/rows";
import { drawShare, mapSplits } from "./prepare";
import { createSharedWords } from "./words/sharedWords";
import { buildVocabulary, type Cleaning, cleanText } from "./words/text";

/** Which columns of a table, or fields of JSON objects, hold what. */
export interface CorpusColumns {
  text: string;
  label: string;
  /** Of a question or a hypothesis about each text: the task is then "inference". */
  question?: string;
}

/** How texts are divided: by a column with train, dev and test; by files of their own; or by shares, drawn by a seed. */
export type OwnSplit =
  | { column: string }
  | { devFile: string; testFile: string }
  | { dev: number; test: number; seed?: number | string };

export interface OwnCorpusOptions extends ReadOptions {
  columns: CorpusColumns;
  /** Name of the corpus in results. Default: that of the file, without its suffix. */
  name?: string;
  /** Default: what the file's suffix says. */
  format?: TableFormat;
  /** Default: 10 % dev, 20 % test, seed 0, with the same share of every class. */
  split?: OwnSplit;
  /** The labels in the order that the model numbers them; the second is the positive class. Default: those found, sorted. */
  classNames?: readonly string[];
  /** A word is in the vocabulary if at least so many training texts have it. Default 1. */
  minFrequency?: number;
  /** Default "plain". */
  cleaning?: Cleaning;
  /** Leaves out rows without a text or a label, and counts them in the notes. Default: they are an error. */
  skipInvalid?: boolean;
  /** At most this many examples of each split, drawn at random but always the same ones. Default: all. */
  limit?: number;
}

/**
 * A corpus of your own from a CSV, TSV or JSONL file (each also .gz), ready for a model:
 * `await ownCorpus("reviews.csv", { columns: { text: "text", label: "label" } })`.
 *
 * With a text and a label a row it is for classification, of two classes; with a question (or hypothesis) too it is for
 * inference, of two classes or more. The file is read row by row; equal words are one string in memory.
 *
 * @throws UserError for a missing or malformed file, a wrong column, a row without text or label (with its line), too
 *   many or too few classes, and a split that lacks one
 */
export async function ownCorpus(path: string, options: OwnCorpusOptions): Promise<Dataset> {
  const { columns, split = { dev: 0.1, test: 0.2 }, classNames, limit, minFrequency = 1 } = options;
  const name = options.name ?? nameOf(path);
  checkName(name);
  checkShares(split);
  const reader = new RowReader(options);
  const parts = await readParts(path, split, reader);
  const labels =
    classNames === undefined ? sortLabels(reader.labels) : checkLabels([...classNames], reader.labels, path);
  const task = columns.question === undefined ? "classification" : "inference";
  checkCount(labels, task, path);
  const texts = prepare(parts, split, labels, { minFrequency, skipped: reader.skipped });
  checkClasses(texts, { name, classNames: labels });
  if (texts.vocabulary.length === 0)
    throw new UserError(
      `The vocabulary needs words of at least ${minFrequency} training texts, but there are none; lower minFrequency.`,
    );
  const origin = `The file ${basename(path)}: texts from ${Object.values(columns).join(", ")}.`;
  const about = { title: name, task, classNames: labels, origin, licence: "your own", citation: "your own" } as const;
  return { corpus: name, ...about, ...(limit === undefined ? texts : takeSome(texts, limit)), classNames: labels };
}

/** A row before its label has a number; `split` where a column or a file says it. */
interface LabelledText extends Omit<Example, "id" | "label"> {
  line: number;
  label: string;
  split?: Split;
}

async function readParts(path: string, split: OwnSplit, reader: RowReader): Promise<LabelledText[]> {
  if (!("devFile" in split)) return reader.read(path, "column" in split ? split.column : undefined);
  const files = { train: path, dev: split.devFile, test: split.testFile };
  const parts: LabelledText[] = [];
  for (const part of splits) for (const row of await reader.read(files[part])) parts.push({ ...row, split: part });
  return parts;
}

class RowReader {
  readonly labels = new Set<string>();
  skipped = 0;
  private readonly share = createSharedWords();

  constructor(private readonly options: OwnCorpusOptions) {}

  async read(path: string, splitColumn?: string): Promise<LabelledText[]> {
    const { columns, format } = this.options;
    const names = [columns.text, columns.label, columns.question ?? [], splitColumn ?? []].flat();
    const rows: LabelledText[] = [];
    for await (const { line, values } of readRows(path, format ?? formatOf(path), names, this.options)) {
      const row = this.parse(line, values, splitColumn);
      if (typeof row !== "string") rows.push(row);
      else if (this.options.skipInvalid) this.skipped += 1;
      else throw new UserError(`Line ${line} of ${path} ${row}; correct it, or have such rows skipped (skipInvalid).`);
    }
    return rows;
  }

  /** The row, or what is wrong with it. */
  private parse(line: number, values: readonly (string | undefined)[], splitColumn?: string): LabelledText | string {
    const { columns } = this.options;
    const [text, label] = values;
    const question = columns.question === undefined ? undefined : values[2];
    const tokens = this.tokenize(text);
    if (tokens.length === 0) return `must have a text in "${columns.text}", but has no word there`;
    if (label === undefined || label.trim() === "") return `must have a label in "${columns.label}", but has none`;
    const row: LabelledText = { line, tokens, label: this.share(label.trim()) };
    if (columns.question !== undefined) {
      row.question = this.tokenize(question);
      if (row.question.length === 0) return `must have a text in "${columns.question}", but has no word there`;
    }
    if (splitColumn !== undefined) {
      row.split = splitNames[values.at(-1)?.trim().toLowerCase() ?? ""];
      if (row.split === undefined) return `must have train, dev or test in "${splitColumn}", but has something else`;
    }
    this.labels.add(row.label);
    return row;
  }

  private tokenize(text = ""): string[] {
    const clean = cleanText(text, this.options.cleaning ?? "plain");
    return clean.map(this.share);
  }
}

const splitNames: Record<string, Split> = { train: "train", dev: "dev", validation: "dev", test: "test" };

function prepare(
  rows: readonly LabelledText[],
  split: OwnSplit,
  labels: readonly string[],
  { minFrequency, skipped }: { minFrequency: number; skipped: number },
): PreparedTexts {
  const numbers = new Map(labels.map((label, number) => [label, number]));
  const splitOf = "dev" in split ? drawSplits(rows, split) : (row: LabelledText) => row.split;
  const texts = mapSplits((part) =>
    rows
      .filter((row) => splitOf(row) === part)
      .map(({ line, tokens, question, label }): Example => {
        const example = { id: `${part}-${line}`, tokens, label: numbers.get(label)! };
        return question === undefined ? example : { ...example, question };
      }),
  );
  const vocabulary = buildVocabulary(texts.train, { minDocuments: minFrequency });
  const notes = [
    "A corpus of the user's own.",
    ...(minFrequency > 1 ? [`Words of fewer than ${minFrequency} training texts are unknown words.`] : []),
    ...(skipped > 0 ? [`${skipped} rows without a text or a label are left out.`] : []),
  ];
  return { ...texts, vocabulary, notes };
}

/** Draws test and dev out of each class, so that every split has the same share of each. */
function drawSplits(rows: readonly LabelledText[], split: { dev: number; test: number; seed?: number | string }) {
  const groups = new Map<string, LabelledText[]>();
  for (const row of rows) {
    const group = groups.get(row.label);
    if (group === undefined) groups.set(row.label, [row]);
    else group.push(row);
  }
  const chosen = new Map<LabelledText, Split>();
  for (const [label, group] of groups) {
    const { drawn, rest } = drawShare(group, split.test, `own test ${split.seed ?? 0} ${label}`);
    const dev = drawShare(rest, split.dev / (1 - split.test), `own dev ${split.seed ?? 0} ${label}`).drawn;
    for (const row of drawn) chosen.set(row, "test");
    for (const row of dev) chosen.set(row, "dev");
  }
  return (row: LabelledText): Split => chosen.get(row) ?? "train";
}

function sortLabels(labels: ReadonlySet<string>): string[] {
  const areNumbers = [...labels].every((label) => Number.isFinite(Number(label)));
  return [...labels].sort((a, b) => (areNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}

function checkLabels(classNames: string[], found: ReadonlySet<string>, path: string): string[] {
  const unknown = [...found].find((label) => !classNames.includes(label));
  if (unknown === undefined) return classNames;
  throw new UserError(
    `Every label in ${path} must be one of ${classNames.join(", ")}, but ${JSON.stringify(unknown)} is not; name it too, or correct the file.`,
  );
}

function checkCount(labels: readonly string[], task: Dataset["task"], path: string): void {
  const fits = task === "inference" ? labels.length >= 2 : labels.length === 2;
  if (fits) return;
  const rule = task === "inference" ? "two classes or more" : "exactly two classes";
  const found = labels.slice(0, 5).map((label) => JSON.stringify(label.slice(0, 20)));
  throw new UserError(
    `A corpus for ${task} needs ${rule}, but the labels in ${path} are ${labels.length}: ${found.join(", ")}${labels.length > 5 ? " and more" : ""}; choose another label column.`,
  );
}

function checkShares(split: OwnSplit): void {
  if (!("dev" in split)) return;
  const { dev, test } = split;
  if (dev > 0 && test > 0 && dev + test < 1) return;
  throw new UserError(
    `The shares of dev and test must be above 0 and together below 1, but ${dev} and ${test} came; give such, as in 0.1 and 0.2.`,
  );
}

/** The file's name without suffixes, as a folder can be called; a corpus of the catalogue keeps its name to itself. */
function nameOf(path: string): string {
  const stem = basename(path)
    .replace(/(?:\.\w+){1,2}$/, "")
    .replace(/[^\w.-]+/g, "-");
  return corpusNames.includes(stem) ? `own-${stem}` : stem;
}

function checkName(name: string): void {
  if (/^\w[\w.-]*$/.test(name) && !corpusNames.includes(name)) return;
  throw new UserError(
    `The name of your corpus must be letters, digits, points and hyphens, and not that of another corpus, but ${JSON.stringify(name)} came; choose another name.`,
  );
}
