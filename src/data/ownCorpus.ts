import { basename } from "node:path";
import { UserError } from "../errors";
import { checkClasses, corpusNames, type LoadOptions, takeSome } from "./catalog";
import { type PreparedTexts, type ReadOptions, splits } from "./corpus";
import type { Dataset, Example, Split } from "./dataset";
import { type ColumnRequest, openTable } from "./files/rows";
import { checkOwnCorpus, named, type OwnCorpus, type OwnCorpusSettings } from "./ownCorpusOptions";
import { drawByClass, mapSplits } from "./prepare";
import { createSharedWords } from "./words/sharedWords";
import { buildVocabulary, cleanText } from "./words/text";

/**
 * A corpus of your own from a CSV, TSV or JSONL file (each also .gz), ready for a model:
 * `await ownCorpus({ path: "reviews.csv" })`.
 *
 * What the options do not say is recognised: encoding, delimiter, columns; the first note tells what was taken. With a
 * text and a label a row it is for classification, with a question (or hypothesis) too for inference. The file is read row
 * by row; equal words are one string in memory.
 *
 * @throws UserError for a wrong option, a missing or malformed file, a column that is not found, a row without a text (with
 *   its line), too many or too few classes, and a split that lacks one; the signal's reason when that is aborted
 */
export async function ownCorpus(corpus: OwnCorpus, { limit, ...options }: LoadOptions = {}): Promise<Dataset> {
  const { path } = corpus;
  const settings = checkOwnCorpus(corpus);
  const name = nameOf(path, settings.name);
  const reader = new RowReader(settings, options);
  const { rows, notes } = labelled(await readParts(path, settings, reader), settings, path);
  const classNames = settings.classNames ?? sortLabels(new Set(rows.map(({ label }) => label)));
  const task = settings.questionColumn === undefined ? "classification" : "inference";
  checkLabels(rows, classNames, task, path);
  const { minFrequency } = settings;
  const texts = {
    ...prepare(rows, settings, classNames),
    notes: [
      ...classNotes(rows, classNames, `${basename(path)}: ${rows.length.toLocaleString("en")} rows, ${reader.format}`),
      ...(minFrequency > 1 ? [`Words of fewer than ${minFrequency} training texts are unknown words.`] : []),
      ...notes,
      ...(reader.skipped > 0 ? [`Rows without a text, or with too many cells, are left out: ${reader.skipped}.`] : []),
    ],
  };
  checkClasses(texts, { name, classNames });
  if (texts.vocabulary.length === 0)
    throw new UserError(
      `The vocabulary needs words of at least ${minFrequency} training texts, but there are none; lower ${named("minFrequency")}.`,
    );
  const origin = `The file ${basename(path)}.`;
  const about = { title: name, task, classNames, origin, licence: "your own", citation: "your own" } as const;
  return { corpus: name, ...about, ...(limit === undefined ? texts : takeSome(texts, limit)), classNames };
}

/** A row before its label has a number; `split` where a column or a file says it. */
interface LabelledText extends Omit<Example, "id" | "label"> {
  line: number;
  label: string;
  split?: Split;
}

async function readParts(path: string, settings: OwnCorpusSettings, reader: RowReader): Promise<LabelledText[]> {
  const { devFile, testFile } = settings;
  if (devFile === undefined || testFile === undefined) return reader.read(path);
  const files = { train: path, dev: devFile, test: testFile };
  const rows: LabelledText[] = [];
  for (const split of splits) for (const row of await reader.read(files[split])) rows.push({ ...row, split });
  return rows;
}

const usualText = ["text", "sentence", "review", "content", "body", "tweet", "comment", "message", "document"];
const usualLabel = ["label", "class", "sentiment", "category", "target", "stars", "rating", "score", "polarity"];

class RowReader {
  /** What was taken of the last file, as in `tab-separated, UTF-8, text from "Text", label from "Sentiment"`. */
  format = "";
  skipped = 0;
  private rows = 0;
  private readonly share = createSharedWords();
  private readonly requests: ColumnRequest[];

  constructor(
    private readonly settings: OwnCorpusSettings,
    private readonly options: ReadOptions,
  ) {
    const { textColumn, labelColumn, questionColumn, splitColumn } = settings;
    const request = (what: string, column: string | number | undefined, option: string, usual: string[] = []) => ({
      ...{ what, column, option, usual },
    });
    this.requests = [
      request("text", textColumn, named("textColumn"), usualText),
      request("label", labelColumn, named("labelColumn"), [...usualLabel, "gold_label"]),
      ...(questionColumn === undefined ? [] : [request("question", questionColumn, named("questionColumn"))]),
      ...(splitColumn === undefined ? [] : [request("split", splitColumn, named("splitColumn"))]),
    ];
  }

  async read(path: string): Promise<LabelledText[]> {
    const { format, delimiter, encoding, maxBytes, maxRows, skipInvalid } = this.settings;
    const limits = { bytes: maxBytes, option: named("maxBytes") };
    const table = await openTable(path, this.requests, { format, delimiter, encoding, ...limits, ...this.options });
    const from = table.columns.map((column, index) => `${this.requests[index]!.what} from "${column}"`);
    this.format = [table.format, ...from].join(", ");
    const rows: LabelledText[] = [];
    for await (const { line, values, fault } of table.rows) {
      this.rows += 1;
      if (this.rows > maxRows)
        throw new UserError(
          `${path} must not have more than ${maxRows} rows, but has; ${named("maxRows")} allows more.`,
        );
      const row = fault ?? this.parse(line, values, table.columns);
      if (typeof row !== "string") rows.push(row);
      else if (skipInvalid) this.skipped += 1;
      else
        throw new UserError(
          `Line ${line} of ${path} ${row}; correct it, or have such rows left out: ${named("skipInvalid")}.`,
        );
    }
    return rows;
  }

  /** The row, or what is wrong with it. */
  private parse(line: number, values: readonly (string | undefined)[], columns: string[]): LabelledText | string {
    const [text = "", label = "", third = ""] = values;
    const { questionColumn, splitColumn } = this.settings;
    const tokens = this.tokenize(text);
    if (tokens.length === 0) return `must have a text in "${columns[0]}", but has no word there`;
    const row: LabelledText = { line, tokens, label: this.share(label.trim()) };
    if (questionColumn !== undefined) {
      row.question = this.tokenize(third);
      if (row.question.length === 0) return `must have a text in "${columns[2]}", but has no word there`;
    }
    if (splitColumn !== undefined) {
      row.split = splitNames[values.at(-1)?.trim().toLowerCase() ?? ""];
      if (row.split === undefined) return `must have train, dev or test in "${columns.at(-1)}", but has something else`;
    }
    return row;
  }

  private tokenize(text: string): string[] {
    return cleanText(text, this.settings.cleaning).map(this.share);
  }
}

const splitNames: Record<string, Split> = { train: "train", dev: "dev", validation: "dev", test: "test" };

/** Labels that mean there is none. */
const usualMissing = ["", "-", "NA", "N/A", "NaN", "nan"];

/** The rows with a label, which is negative or positive where a number divides them, and notes on those that are left out. */
function labelled(
  all: readonly LabelledText[],
  { missingLabels, positiveFrom }: OwnCorpusSettings,
  path: string,
): { rows: LabelledText[]; notes: string[] } {
  const labels = new Set(all.map(({ label }) => label));
  const others = [...labels].filter((label) => label !== "-1" && !usualMissing.includes(label));
  const isCounted = others.length >= 3 && others.every((label) => /^\d+$/.test(label) && Number(label) < others.length);
  const missing = new Set(missingLabels ?? [...usualMissing, ...(isCounted ? ["-1"] : [])]).add("");
  const kept = all.filter(({ label }) => !missing.has(label));
  const left = [...missing]
    .filter((label) => labels.has(label))
    .map((label) => (label === "" ? "empty" : `"${label}"`));
  const notes = [
    ...(left.length > 0
      ? [`Rows without a label (${left.join(", ")}) are left out: ${all.length - kept.length}.`]
      : []),
    ...(missing.has("-1") || !labels.has("-1") || positiveFrom !== undefined
      ? []
      : [`The label -1 is a class; ${named("missingLabels")} can say that it means none.`]),
  ];
  if (positiveFrom === undefined) return { rows: kept, notes };
  const rows = kept.map((row) => {
    const number = Number(row.label);
    if (!Number.isNaN(number)) return { ...row, label: number >= positiveFrom ? "positive" : "negative" };
    throw new UserError(
      `Line ${row.line} of ${path} must have a number as label for ${named("positiveFrom")}, but has ${JSON.stringify(row.label.slice(0, 20))}; correct it, or name it in ${named("missingLabels")}.`,
    );
  });
  return { rows, notes: [...notes, `Labels from ${positiveFrom} on are positive.`] };
}

/** What was taken, with the counts of the classes, and whether these are very unequal. */
function classNotes(rows: readonly LabelledText[], classNames: readonly string[], taken: string): string[] {
  const counts = new Map<string, number>(classNames.map((name) => [name, 0]));
  for (const { label } of rows) counts.set(label, counts.get(label)! + 1);
  const shown = [...counts].map(([name, count]) => `${name} ${count.toLocaleString("en")}`).join(", ");
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const [[most, many], [least, few]] = [sorted[0]!, sorted.at(-1)!];
  const unequal = `The classes are very unequal: "${most}" has ${Math.floor(many / few)} times as many rows as "${least}".`;
  return [`${taken} (${shown}).`, ...(many >= 10 * few ? [unequal] : [])];
}

function prepare(
  rows: readonly LabelledText[],
  settings: OwnCorpusSettings,
  classNames: readonly string[],
): Omit<PreparedTexts, "notes"> {
  const numbers = new Map(classNames.map((label, number) => [label, number]));
  const { devShare, testShare, splitSeed } = settings;
  const isGiven = settings.splitColumn !== undefined || settings.devFile !== undefined;
  const shares = { test: testShare, dev: devShare / (1 - testShare) };
  const splitOf = isGiven
    ? (row: LabelledText) => row.split
    : drawByClass(rows, shares, (part, label) => `own ${part} ${splitSeed} ${label}`);
  const texts = mapSplits((part) =>
    rows
      .filter((row) => splitOf(row) === part)
      .map(({ line, tokens, question, label }): Example => {
        const example = { id: `${part}-${line}`, tokens, label: numbers.get(label)! };
        return question === undefined ? example : { ...example, question };
      }),
  );
  return { ...texts, vocabulary: buildVocabulary(texts.train, { minDocuments: settings.minFrequency }) };
}

function sortLabels(labels: ReadonlySet<string>): string[] {
  const areNumbers = [...labels].every((label) => Number.isFinite(Number(label)));
  return [...labels].sort((a, b) => (areNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}

/** Most classes of a classification: each has its panels and columns. */
const mostClasses = 10;

function checkLabels(
  rows: readonly LabelledText[],
  classNames: readonly string[],
  task: Dataset["task"],
  path: string,
): void {
  const unknown = rows.find(({ label }) => !classNames.includes(label))?.label;
  if (unknown !== undefined)
    throw new UserError(
      `Every label in ${path} must be one of ${classNames.join(", ")}, but ${JSON.stringify(unknown)} is not; name it too, or correct the file.`,
    );
  if (classNames.length >= 2 && (task === "inference" || classNames.length <= mostClasses)) return;
  const rule = task === "inference" ? "two classes or more" : `two to ${mostClasses} classes`;
  const found = classNames.slice(0, 5).map((label) => JSON.stringify(label.slice(0, 20)));
  throw new UserError(
    `A corpus for ${task} needs ${rule}, but the labels in ${path} are ${classNames.length}: ${found.join(", ")}${classNames.length > 5 ? " and more" : ""}; choose another ${named("labelColumn")}, or divide numbers by ${named("positiveFrom")}.`,
  );
}

/** The given name, or the file's without its suffix, as a folder can be called. A corpus of the catalogue keeps its name to itself. */
function nameOf(path: string, given: string | undefined): string {
  const stem = basename(path)
    .replace(/(\.(csv|tsv|jsonl))?(\.gz)?$/i, "")
    .normalize("NFC");
  const name = given ?? (corpusNames.includes(stem) ? `own-${stem}` : stem.replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-"));
  if (/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u.test(name) && !corpusNames.includes(name)) return name;
  throw new UserError(
    `The name of the corpus in ${path} must be letters, digits, points and hyphens, and not that of another corpus, but ${JSON.stringify(name)} came; choose another ${named("name")}.`,
  );
}
