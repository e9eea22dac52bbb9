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
  licence: string;
  citation: string;
  /** What a reader of any table made from this corpus must know, for example "37 % of train". */
  notes: string[];
}

/** Whether one logit says all, as in the paper's classification: of more classes, or with a question, each has its own. */
export function isBinary({ task, classNames }: Pick<Dataset, "task" | "classNames">): boolean {
  return task === "classification" && classNames.length === 2;
}

export type Split = "train" | "dev" | "test";
