import type { Dataset, Split } from "./dataset";
import type { Cleaning } from "./words/text";

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
