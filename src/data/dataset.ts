/** One labelled text. Tokens are what the model reads and what every attention weight belongs to. */
export interface Example {
  /** Unique in its corpus, stable between runs; for example "test-17". */
  id: string;
  tokens: string[];
  /** Index into the corpus's `classNames`. */
  label: number;
}

/** A prepared corpus: tokenised, filtered by length, split; plain records without padding or ids. */
export interface Dataset {
  corpus: string;
  title: string;
  /** Class names by label; for sentiment ["negative", "positive"]. */
  classNames: string[];
  train: Example[];
  dev: Example[];
  test: Example[];
  /** Words of the training split that the model knows, most frequent first; special tokens are not among them. */
  vocabulary: string[];
  /** One sentence where the texts come from, for tables and captions. */
  origin: string;
  licence: string;
  citation: string;
  /** What a reader of any table made from this corpus must know, for example "37 % of train". */
  notes: string[];
}

export type Split = "train" | "dev" | "test";
