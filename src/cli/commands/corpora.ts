import { corpora, findCorpus, loadDataset } from "../../data/catalog";
import type { Corpus, CorpusState, PublishedCounts } from "../../data/corpus";
import type { Dataset, Example } from "../../data/dataset";
import { UserError } from "../../errors";
import type { Prepared } from "../setup/setUp";

/** How many examples and words a corpus has after preparation, in the form of the published counts. */
type Counts = Omit<PublishedCounts, "remark"> & { dev: number[] };

/** All that `npm run corpora` tells of one corpus. */
interface Entry {
  corpus: Corpus;
  state: CorpusState;
  /** Undefined where the corpus is not ready, was not to be read, or has a problem. */
  read?: { counts: Counts; classNames: string[]; notes: string[] };
  problem?: string;
}

/**
 * Prints every corpus, a line each, or all about one: state, counts beside the published ones, licence. Those that are
 * ready are read; nothing is downloaded. Exit code 1 if one cannot be read.
 *
 * @param options.counts false: no corpus is read
 */
export async function listCorpora(
  { terminal }: Pick<Prepared, "terminal">,
  name: string | undefined,
  { json = false, counts = true }: { json?: boolean; counts?: boolean } = {},
): Promise<void> {
  const chosen = name === undefined ? corpora : [findCorpus(name)];
  const entries: Entry[] = [];
  if (!json && name === undefined) terminal.line(inColumns(headings));
  for (const corpus of chosen) {
    const entry = await describe(corpus, counts, (text) => terminal.status(text));
    entries.push(entry);
    if (!json) for (const line of name === undefined ? rowOf(entry) : linesOf(entry)) terminal.line(line);
  }
  if (json) process.stdout.write(`${JSON.stringify(entries.map(asJson), undefined, 2)}\n`);
  else terminal.line(name === undefined ? overview(entries) : nextStep(entries[0]!));
  if (entries.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}

async function describe(corpus: Corpus, counts: boolean, status: (text: string) => void): Promise<Entry> {
  const state = corpus.state();
  if (state.kind !== "ready" || !counts) return { corpus, state };
  status(`Reading ${corpus.name}`);
  const onProgress = (received: number, total: number | undefined) =>
    status(`Reading ${corpus.name}${total ? `: ${Math.floor((100 * received) / total)} %` : ""}`);
  try {
    const dataset = await loadDataset(corpus.name, { onProgress });
    return { corpus, state, read: { counts: countsOf(dataset), classNames: dataset.classNames, notes: dataset.notes } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { corpus, state, problem: error.message };
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

function rowOf({ corpus, state, read, problem }: Entry): string[] {
  const total = (counts: readonly number[] | undefined) =>
    counts === undefined ? "–" : numbers([counts.reduce((sum, count) => sum + count, 0)]);
  const counts = (["train", "test"] as const).flatMap((split) => [
    total(read?.counts[split]),
    total(corpus.published?.[split]),
  ]);
  const line = inColumns([corpus.name, corpus.task, problem === undefined ? state.kind : "cannot be read", ...counts]);
  return problem === undefined ? [line] : [line, `  problem    ${problem}`];
}

function linesOf({ corpus, state, read, problem }: Entry): string[] {
  const { name, title, task, origin, licence, citation, restricted, published, files } = corpus;
  const classNames = read?.classNames ?? corpus.classNames;
  const rows: [string, string | undefined][] = [
    ["task", classNames.length === 0 ? task : `${task}, ${classNamesText(classNames)}`],
    ["state", stateText(state)],
    ["problem", problem],
    ["counts", countsText(read?.counts, published)],
    ["published", published?.remark],
    ...(read?.notes ?? []).map((note): [string, string] => ["note", note]),
    ["origin", origin],
    ["licence", restricted ? `${licence}; words are shown as numbers only` : licence],
    ["citation", citation],
    ...files.flatMap(({ url, bytes, sha256 }): [string, string][] => [
      ["file", `${url}, ${megabytes(bytes)}`],
      ["", `SHA-256 ${sha256 ?? "not published; that of the file that comes is kept"}`],
    ]),
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return [`${name}: ${title} (${task})`, ...known.map(([row, value]) => `  ${row.padEnd(10)} ${value}`)];
}

function classNamesText(names: readonly string[]): string {
  return names.length <= 5 ? names.join(" / ") : `${names.length} answers`;
}

/** What can be used now, is downloaded at its first use, or must be brought, and how. */
export function stateText(state: CorpusState): string {
  if (state.kind === "ready") return `ready: ${state.where}`;
  if (state.kind === "to download") return `to download, ${megabytes(state.bytes)}`;
  return `needs your file: ${state.how}`;
}

/** One line of our counts, each with the published one behind a bar; undefined where there are neither. */
function countsText(ours: Counts | undefined, published: PublishedCounts | undefined): string | undefined {
  const parts = (["train", "dev", "test", "vocabulary"] as const).flatMap((name) => {
    const both = [ours, published as Partial<Counts> | undefined].flatMap((counts) => {
      const found = counts?.[name];
      return found === undefined ? [] : [numbers([found].flat())];
    });
    return both.length === 0 ? [] : [`${name} ${both.join(" | ")}`];
  });
  if (parts.length === 0) return undefined;
  const whose = [ours && "ours", published && "published"].filter(Boolean).join(" | ");
  return whose === "ours" ? parts.join(", ") : `${whose}: ${parts.join(", ")}`;
}

function numbers(counts: readonly number[]): string {
  return counts.map((count) => count.toLocaleString("en")).join("/");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;
}

function overview(entries: readonly Entry[]): string {
  const count = (kind: CorpusState["kind"]) => entries.filter(({ state }) => state.kind === kind).length;
  const states = `${count("ready")} ready, ${count("to download")} to download at their first use, ${count("needs your file")} need a file of yours`;
  return `${entries.length} corpora: ${states}.\nAll about one, with its licence and files: npm run corpora -- sst`;
}

function nextStep({ corpus, state, problem }: Entry): string {
  if (problem !== undefined) return `"${corpus.name}" cannot be read: see the problem above.`;
  if (state.kind === "needs your file") return `"${corpus.name}" cannot be used yet: its state tells what to bring.`;
  const when = state.kind === "ready" ? "" : `, which downloads ${megabytes(state.bytes)} first`;
  return `To use it: npm run study -- --corpus ${corpus.name}${when}.`;
}

function asJson({ corpus, state, read, problem }: Entry): object {
  const { name, title, task, ...about } = corpus;
  return { name, title, task, ...about, state, ...read, problem };
}
