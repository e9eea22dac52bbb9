import type { Cleaning } from "./prepare";

/** What a model does with a text: name its class, answer a question about it, or judge a hypothesis by it. */
export type Task = "classification" | "question answering" | "inference";

/** One labelled text. Tokens are what the model reads and what every attention weight belongs to. */
export interface Example {
  /** Unique in its corpus, stable between runs; for example "test-17". It says nothing of the text. */
  id: string;
  /** The words of the text: of the passage in question answering, of the premise in inference. */
  tokens: string[];
  /** The words of the question or of the hypothesis; undefined in classification. Attention does not fall on them. */
  question?: string[];
  /** Labels that are possible answers here, the true one among them; undefined where all classes are. */
  candidates?: number[];
  /** Index into the corpus's `classNames`. */
  label: number;
}

/** A prepared corpus: tokenised, filtered by length, split; plain records without padding or ids. */
export interface Dataset extends Record<Split, Example[]> {
  corpus: string;
  title: string;
  task: Task;
  /** Class names by label; for sentiment ["negative", "positive"], in question answering every possible answer. */
  classNames: string[];
  /** Words of the training split that the model knows, most frequent first; special tokens are not among them. */
  vocabulary: string[];
  /** One sentence where the texts come from, for tables and captions. */
  origin: string;
  /** Of a file of one's own: tells it from another file of its name, or another way to read it. */
  digest?: string;
  licence: string;
  citation: string;
  /** What a reader of any table made from this corpus must know, for example "37 % of train". */
  notes: string[];
  /** Whether the texts may not be passed on: their words are names that say no more than a rank in the vocabulary. */
  restricted?: boolean;
}

/** Whether one logit says all, as in the paper's classification: of more classes, or with a question, each has its own. */
export function isBinary({ task, classNames }: Pick<Dataset, "task" | "classNames">): boolean {
  return task === "classification" && classNames.length === 2;
}

export type Split = "train" | "dev" | "test";

export const splits: readonly Split[] = ["train", "dev", "test"];

export interface CorpusFile {
  url: string;
  /** Exact where the SHA-256 is known, else about. */
  bytes: number;
  /** Undefined where nobody has published one: what came is then said with its SHA-256. */
  sha256?: string;
}

export interface PublishedCounts {
  /** By label, as test; one number where only the total is published. */
  train: number[];
  test: number[];
  /** Words and the four special tokens (padding, unknown, start, end), as the authors' code counts them. */
  vocabulary: number;
  remark?: string;
}

export interface ReadOptions {
  /** Called while a corpus is downloaded or read, with the bytes so far and in all. */
  onProgress?: (received: number, total: number | undefined) => void;
  /** Ends the reading or the download: it then throws the signal's reason. */
  signal?: AbortSignal;
}

/** Whether a corpus can be used now: its files are here, can be downloaded, or must be brought by the user. */
export type CorpusState =
  | { kind: "ready"; where: string }
  | { kind: "to download"; bytes: number }
  | { kind: "needs your file"; how: string };

/** What a corpus's reader returns: everything of a `Dataset` that depends on the texts. */
export type PreparedTexts = Pick<Dataset, Split | "vocabulary" | "notes"> & Partial<Pick<Dataset, "classNames">>;

/** A corpus: what is known about it, and how it is read. Its class names are empty where the texts decide. */
export interface Corpus extends Pick<Dataset, "title" | "task" | "classNames" | "origin" | "licence" | "citation"> {
  name: string;
  /** Default "plain". */
  cleaning?: Cleaning;
  /** The texts may not be passed on: words leave the reader as numbers only. */
  restricted?: boolean;
  /** What is downloaded; undefined for a corpus that comes with the project or is brought by the user. */
  files?: readonly CorpusFile[];
  published?: PublishedCounts;
  state: () => CorpusState;
  read: (options: ReadOptions) => Promise<PreparedTexts>;
}
