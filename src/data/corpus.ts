import type { Dataset, Split } from "./dataset";
import type { Cleaning } from "./text";

export const splits: readonly Split[] = ["train", "dev", "test"];

/** One file of a corpus's official distribution. */
export interface CorpusFile {
  url: string;
  bytes: number;
  sha256: string;
}

/** What the paper or its code publishes about a corpus; counts are by label. */
export interface PublishedCounts {
  train: number[];
  test: number[];
  /** Words and the four special tokens (padding, unknown, start, end). */
  vocabulary: number;
}

export interface ReadOptions {
  /** Called while a corpus is downloaded, with the bytes so far and in all. */
  onProgress?: (received: number, total: number | undefined) => void;
}

/** What a corpus's reader returns: everything of a `Dataset` that depends on the texts. */
export type PreparedTexts = Pick<Dataset, Split | "vocabulary" | "notes">;

/** A corpus: what is known about it, and how it is read. */
export interface Corpus {
  /** The name in a config, as in "sst". */
  name: string;
  title: string;
  classNames: string[];
  origin: string;
  licence: string;
  citation: string;
  cleaning: Cleaning;
  /** What is downloaded; empty for a corpus that comes with the project. */
  files: readonly CorpusFile[];
  published?: PublishedCounts;
  read: (options: ReadOptions) => Promise<PreparedTexts>;
}
