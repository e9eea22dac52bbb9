import type { Example } from "../data/dataset";

/** Ids of the tokens that every vocabulary begins with, as in the paper's code, and how many they are. */
export const padId = 0;
export const unknownId = 1;
export const startId = 2;
export const endId = 3;
export const specialTokens = 4;

/** The words a model knows and their row numbers in its embedding, whose first rows are those of the special tokens. */
export type Vocabulary = ReadonlyMap<string, number>;

/** The vocabulary of these words; the four special tokens come before them. */
export function createVocabulary(words: readonly string[]): Vocabulary {
  return new Map(words.map((word, index) => [word, index + specialTokens]));
}

/** Ids of the tokens; unknown words get the unknown word's id. No start, end or padding is added. */
export function encodeTokens(vocabulary: Vocabulary, tokens: readonly string[]): number[] {
  return tokens.map((token) => vocabulary.get(token) ?? unknownId);
}

/** A text as word ids; what it is asked, if it is; which answers are possible, if not all are. */
export interface EncodedText {
  ids: number[];
  question?: number[];
  candidates?: readonly number[];
}

/** A text that a model is to read, as word ids. */
export function encodeExample(
  vocabulary: Vocabulary,
  { tokens, question, candidates }: Pick<Example, "tokens" | "question" | "candidates">,
): EncodedText {
  return {
    ids: encodeTokens(vocabulary, tokens),
    ...(question && { question: encodeTokens(vocabulary, question) }),
    ...(candidates && { candidates }),
  };
}
