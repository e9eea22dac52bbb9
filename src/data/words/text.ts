import { UserError } from "../../errors";
import type { Example } from "../dataset";
import { splitTokens } from "./englishTokenizer";

/** How a text becomes tokens: as the paper's code does with ordinary text, with SST, or with film reviews. */
export const cleanings = ["plain", "treebank", "keras"] as const;
export type Cleaning = (typeof cleanings)[number];

/** spaCy's tokens in lower case, "qqq" for any with a digit. */
export function cleanPlain(text: string): string[] {
  return splitTokens(text).map((token) => (/[\p{Nd}²³¹]/u.test(token) ? "qqq" : shareWord(token.toLowerCase())));
}

/** As spaCy, in lower case, without brackets (-LRB-, -RRB-) and with blanks for what is no letter, digit or underscore. */
export function cleanTreebank(words: readonly string[]): string[] {
  const kept = words.filter((word) => word !== "-LRB-" && word !== "-RRB-").join(" ");
  return splitTokens(kept.replace(/[^\p{L}\p{N}_]+/gu, " ")).map((token) => shareWord(token.toLowerCase()));
}

/** As Keras in Python 2: A to Z in lower case; punctuation but the apostrophe, tabs, line ends, blanks separate. */
export function cleanKeras(text: string): string[] {
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const words = lower.split(/[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~\t\n ]+/).filter((word) => word !== "");
  return words.map(shareWord);
}

/** The tokens of a text that may be empty, cleaned in one of the ways. */
export function cleanText(text: string, cleaning: Cleaning): string[] {
  return cleaners[cleaning](text);
}

const cleaners: Record<Cleaning, (text: string) => string[]> = {
  plain: cleanPlain,
  treebank: (text) => cleanTreebank(splitTokens(text)),
  keras: cleanKeras,
};

/** The tokens of a sentence of your own, cleaned as the corpus was. @throws UserError if nothing is left */
export function tokenize(sentence: string, cleaning: Cleaning = "plain"): string[] {
  if (typeof sentence !== "string")
    throw new UserError(`A sentence must be text in quotes, but ${typeof sentence} came; write it as "A good film."`);
  const tokens = cleanText(sentence, cleaning);
  if (tokens.length === 0)
    throw new UserError(
      `A sentence needs at least one word, but ${JSON.stringify(sentence.slice(0, 40))} has none; write some words.`,
    );
  return tokens;
}

/** The words, most frequent first, of at least `minDocuments` examples and their questions; ties by their characters. */
export function buildVocabulary(train: readonly Pick<Example, "tokens" | "question">[], minDocuments = 1): string[] {
  const occurrences = new Map<string, number>();
  const documents = new Map<string, number>();
  for (const { tokens, question = [] } of train) {
    const words = [...tokens, ...question];
    for (const word of words) occurrences.set(word, (occurrences.get(word) ?? 0) + 1);
    for (const word of new Set(words)) documents.set(word, (documents.get(word) ?? 0) + 1);
  }
  return [...occurrences]
    .filter(([word]) => documents.get(word)! >= minDocuments)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([word]) => word);
}

const known = new Map<string, string>();

/** Gives equal words one string in memory; a new one is copied, since a piece of a text would keep the whole of it. */
export function shareWord(word: string): string {
  const shared = known.get(word);
  if (shared !== undefined) return shared;
  const copy = Buffer.from(word).toString();
  known.set(copy, copy);
  return copy;
}
