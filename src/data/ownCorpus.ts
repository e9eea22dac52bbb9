import { basename } from "node:path";
import { UserError } from "../errors";
import { sha256 } from "../sha256";
import { groupBy } from "../stats/summary";
import { checkClasses, corpusNames, type LoadOptions, takeSome } from "./catalog";
import { questionOnlyName, withoutTexts } from "./corpora/questionOnly";
import { type Dataset, type Example, type ReadOptions, type Split, splits } from "./dataset";
import { openTable } from "./files/rows";
import { checkOwnCorpus, named, type OwnCorpus, type OwnCorpusSettings } from "./ownCorpusOptions";
import { buildVocabulary, cleaners, drawByClass, mapSplits, shareWord } from "./prepare";
import { concealError, concealWords } from "./restricted";

/**
 * A corpus of your own from a CSV, TSV or JSONL file (each also .gz): `await ownCorpus({ path: "reviews.csv" })`.
 *
 * What the options do not say is recognised, and the first note tells what was taken; with a question (or hypothesis) it is
 * for inference. @throws UserError for all that is wrong with the options or the file, with its line
 */
export async function ownCorpus(corpus: OwnCorpus, options: LoadOptions = {}): Promise<Dataset> {
  const settings = checkOwnCorpus(corpus);
  return readOwn(corpus, settings, options).catch((error) => {
    throw settings.restricted ? concealError(error, corpus) : error;
  });
}

async function readOwn(
  corpus: OwnCorpus,
  settings: OwnCorpusSettings,
  { limit, ...options }: LoadOptions,
): Promise<Dataset> {
  const { path } = corpus;
  const name = nameOfOwn(corpus);
  const read = await readRows(path, settings, options);
  const { rows, notes } = labelled(read.rows, settings, path);
  const classNames = settings.classNames ?? sortLabels(new Set(rows.map(({ label }) => label)));
  const task = settings.questionColumn === undefined ? "classification" : "inference";
  checkLabels(rows, classNames, task, path);
  const { minFrequency, questionOnly } = settings;
  const prepared = prepare(rows, settings, classNames);
  const texts = {
    ...(questionOnly ? withoutTexts(prepared) : prepared),
    notes: [
      ...classNotes(rows, classNames, `${basename(path)}: ${rows.length.toLocaleString("en")} rows, ${read.taken}`),
      ...(minFrequency > 1 ? [`Words of fewer than ${minFrequency} training texts are unknown words.`] : []),
      ...notes,
      ...(read.skipped > 0 ? [`Rows without a text, or with too many cells, are left out: ${read.skipped}.`] : []),
    ],
  };
  checkClasses(texts, { name, classNames });
  if (texts.vocabulary.length === 0)
    throw new UserError(
      `The vocabulary needs words of at least ${minFrequency} training texts, but there are none; lower ${named("minFrequency")}.`,
    );
  const digest = sha256([texts.notes[0], ...texts.vocabulary].join("\n")).slice(0, 8);
  const origin = `The file ${basename(path)}.`;
  const about = { title: name, task, classNames, origin, digest, licence: "your own", citation: "your own" } as const;
  const some = limit === undefined ? texts : takeSome(texts, limit);
  const { restricted } = settings;
  const shown = restricted ? concealWords(path, some, texts.vocabulary) : some;
  return { corpus: name, ...about, ...shown, classNames, restricted };
}

/** A row before its label has a number; `split` where a column or a file says it. */
interface LabelledText extends Omit<Example, "id" | "label"> {
  line: number;
  label: string;
  split?: Split;
}

const usualText = ["text", "sentence", "review", "content", "body", "tweet", "comment", "message", "document"];
const usualLabel = ["label", "class", "sentiment", "category", "target", "stars", "rating", "score", "polarity"];

/** The columns that a row may have, in this order; the last two where the options name them. */
const columns = [
  { what: "text", option: "textColumn", usual: usualText },
  { what: "label", option: "labelColumn", usual: [...usualLabel, "gold_label"] },
  { what: "question", option: "questionColumn", usual: [] },
  { what: "split", option: "splitColumn", usual: [] },
] as const;

/** The rows of the file, or of the files of the three splits, and what was taken of the last, as in `UTF-8, text from "Text"`. */
async function readRows(path: string, settings: OwnCorpusSettings, options: ReadOptions) {
  const { devFile, testFile, format, delimiter, encoding, maxBytes, maxRows, skipInvalid } = settings;
  const requests = columns
    .map(({ option, ...column }) => ({ ...column, option: named(option), column: settings[option] }))
    .filter(({ usual, column }) => usual.length > 0 || column !== undefined);
  const reading = { format, delimiter, encoding, bytes: maxBytes, option: named("maxBytes"), ...options };
  const files = { train: path, dev: devFile, test: testFile };
  const result = { rows: [] as LabelledText[], taken: "", skipped: 0 };
  for (const split of splits) {
    const file = files[split];
    if (file === undefined) continue;
    const table = await openTable(file, requests, reading);
    const from = table.columns.map((column, index) => `${requests[index]!.what} from "${column}"`);
    result.taken = [table.format, ...from].join(", ");
    for await (const { line, values, fault } of table.rows) {
      if (result.rows.length + result.skipped === maxRows)
        throw new UserError(
          `${file} must not have more than ${maxRows} rows, but has; ${named("maxRows")} allows more.`,
        );
      const row = fault ?? rowOf(line, values, table.columns, settings);
      if (typeof row !== "string") result.rows.push(devFile === undefined ? row : { ...row, split });
      else if (skipInvalid) result.skipped += 1;
      else
        throw new UserError(
          `Line ${line} of ${file} ${row}; correct it, or have such rows left out: ${named("skipInvalid")}.`,
        );
    }
  }
  return result;
}

function rowOf(
  line: number,
  values: readonly (string | undefined)[],
  columns: readonly string[],
  { questionColumn, splitColumn, cleaning }: OwnCorpusSettings,
): LabelledText | string {
  const [text = "", label = "", third = ""] = values;
  const row: LabelledText = { line, tokens: cleaners[cleaning](text), label: shareWord(label.trim()) };
  if (row.tokens.length === 0) return `must have a text in "${columns[0]}", but has no word there`;
  if (questionColumn !== undefined) row.question = cleaners[cleaning](third);
  if (row.question?.length === 0) return `must have a text in "${columns[2]}", but has no word there`;
  if (splitColumn === undefined) return row;
  row.split = splitNames[values.at(-1)?.trim().toLowerCase() ?? ""];
  return row.split === undefined ? `must have train, dev or test in "${columns.at(-1)}", but has something else` : row;
}

const splitNames: Record<string, Split> = { train: "train", dev: "dev", validation: "dev", test: "test" };

const usualMissing = ["", "-", "NA", "N/A", "NaN", "nan"];

/** The rows with a label, which is negative or positive where a number divides them, and notes on those that are left out. */
function labelled(all: readonly LabelledText[], { missingLabels, positiveFrom }: OwnCorpusSettings, path: string) {
  const labels = new Set(all.map(({ label }) => label));
  const others = [...labels].filter((label) => label !== "-1" && !usualMissing.includes(label));
  const isCounted = others.length >= 3 && others.every((label) => /^\d+$/.test(label) && Number(label) < others.length);
  const missing = new Set(missingLabels ?? [...usualMissing, ...(isCounted ? ["-1"] : [])]).add("");
  const kept = all.filter(({ label }) => !missing.has(label));
  const left = [...missing].filter((label) => labels.has(label)).map((label) => (label ? `"${label}"` : "empty"));
  const notes: string[] = [];
  if (left.length > 0)
    notes.push(`Rows without a label (${left.join(", ")}) are left out: ${all.length - kept.length}.`);
  if (!missing.has("-1") && labels.has("-1") && positiveFrom === undefined)
    notes.push(`The label -1 is a class; ${named("missingLabels")} can say that it means none.`);
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
  const groups = groupBy(rows, ({ label }) => label);
  const counts = classNames.map((name) => [name, groups.get(name)?.length ?? 0] as const);
  const shown = counts.map(([name, count]) => `${name} ${count.toLocaleString("en")}`).join(", ");
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const [[most, many], [least, few]] = [sorted[0]!, sorted.at(-1)!];
  const unequal = `The classes are very unequal: "${most}" has ${Math.floor(many / few)} times as many rows as "${least}".`;
  return [`${taken} (${shown}).`, ...(many >= 10 * few ? [unequal] : [])];
}

function prepare(rows: readonly LabelledText[], settings: OwnCorpusSettings, classNames: readonly string[]) {
  const { devShare, testShare, splitSeed } = settings;
  const isGiven = settings.splitColumn !== undefined || settings.devFile !== undefined;
  const shares = { test: testShare, dev: devShare / (1 - testShare) };
  const drawn = isGiven
    ? mapSplits((part) => rows.filter(({ split }) => split === part))
    : drawByClass(rows, shares, (part, label) => `own ${part} ${splitSeed} ${label}`);
  const texts = mapSplits((part) =>
    drawn[part].map(({ line, tokens, question, label }): Example => {
      const example = { id: `${part}-${line}`, tokens, label: classNames.indexOf(label) };
      return question === undefined ? example : { ...example, question };
    }),
  );
  return { ...texts, vocabulary: buildVocabulary(texts.train, settings.minFrequency) };
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
  const list = `${classNames.length}: ${found.join(", ")}${classNames.length > 5 ? " and more" : ""}`;
  throw new UserError(
    `A corpus for ${task} needs ${rule}, but the labels in ${path} are ${rows.length === 0 ? "none, as no row has a text and a label" : list}; choose another ${named("labelColumn")}, or divide numbers by ${named("positiveFrom")}.`,
  );
}

/** The given name, or the file's without its suffix, as a folder can be called; what results call the corpus. A corpus of the catalogue keeps its name to itself. */
export function nameOfOwn(corpus: OwnCorpus): string {
  const { path } = corpus;
  const { name: given, questionOnly } = checkOwnCorpus(corpus);
  const stem = basename(path)
    .replace(/(\.(csv|tsv|jsonl))?(\.gz)?$/i, "")
    .normalize("NFC");
  const name = given ?? (corpusNames.includes(stem) ? `own-${stem}` : stem.replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-"));
  if (/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u.test(name) && !corpusNames.includes(name))
    return questionOnly ? questionOnlyName(name) : name;
  throw new UserError(
    `The name of the corpus in ${path} must be letters, digits, points and hyphens, and not that of another corpus, but ${JSON.stringify(name)} came; choose another ${named("name")}.`,
  );
}
