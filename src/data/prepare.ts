import { readFileSync } from "node:fs";
import { UserError } from "../errors";
import { createRandom } from "../stats/random";
import { groupBy } from "../stats/summary";
import { type Example, type PreparedTexts, type Split, splits } from "./dataset";
import { splitTokens } from "./words/englishTokenizer";

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

/** How a text, which may be empty, becomes tokens: as the paper's code does with ordinary text, with SST, or with film reviews. */
export const cleaners = {
  plain: cleanPlain,
  treebank: (text: string) => cleanTreebank(splitTokens(text)),
  keras: cleanKeras,
};
export type Cleaning = keyof typeof cleaners;

/** The tokens of a sentence of your own, cleaned as the corpus was. @throws UserError if nothing is left */
export function tokenize(sentence: string, cleaning: Cleaning = "plain"): string[] {
  if (typeof sentence !== "string")
    throw new UserError(`A sentence must be text in quotes, but ${typeof sentence} came; write it as "A good film."`);
  const tokens = cleaners[cleaning](sentence);
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

/** Lengths that are kept, in tokens; a bound itself is not. Without one the shortest, or the longest, texts are left out. */
export type LengthBounds = { above?: number; below?: number };

/** Leaves out texts that are too short or too long, as the paper's code does: both bounds are exclusive. */
export function filterByLength(examples: readonly Example[], bounds: LengthBounds): Example[] {
  const lengths = examples.map(({ tokens }) => tokens.length);
  const above = bounds.above ?? lengths.reduce((least, length) => Math.min(least, length), Infinity);
  const below = bounds.below ?? lengths.reduce((most, length) => Math.max(most, length), 0);
  return examples.filter(({ tokens }) => tokens.length > above && tokens.length < below);
}

/** A share of the items, rounded up, drawn at random but always the same ones for a seed; both parts keep their order. */
export function drawShare<T>(items: readonly T[], share: number, seed: string): { drawn: T[]; rest: T[] } {
  const order = createRandom(seed).shuffle(items.map((_, index) => index));
  const chosen = new Set(order.slice(0, Math.ceil(items.length * share)));
  return {
    drawn: items.filter((_, index) => chosen.has(index)),
    rest: items.filter((_, index) => !chosen.has(index)),
  };
}

/** Draws test of all and dev of what remains, class by class, always the same for a seed, as in "mails test 0". */
export function drawByClass<T extends { label: number | string }>(
  items: readonly T[],
  shares: { test: number; dev: number },
  seed: (part: "test" | "dev", label: number | string) => string,
): Record<Split, T[]> {
  const chosen = new Map<T, Split>();
  for (const [label, group] of groupBy(items, (item) => item.label)) {
    const { drawn, rest } = drawShare(group, shares.test, seed("test", label));
    for (const item of drawn) chosen.set(item, "test");
    for (const item of drawShare(rest, shares.dev, seed("dev", label)).drawn) chosen.set(item, "dev");
  }
  return mapSplits((split) => items.filter((item) => (chosen.get(item) ?? "train") === split));
}

/** The texts in the splits, and in the order, of a file with the ids of each, as data/make_splits.mjs writes it. */
export function splitAsIn(path: string, texts: readonly Example[]): Record<Split, Example[]> {
  const ids: Record<Split, string[]> = JSON.parse(readFileSync(path, "utf8"));
  const byId = new Map(texts.map((text) => [text.id, text]));
  return mapSplits((split) => ids[split].map((id) => byId.get(id)!));
}

/** The texts within these lengths, as the paper's code keeps them, with the words that many training texts have before. */
export function withinLengths(
  all: Record<Split, Example[]>,
  bounds: LengthBounds,
  minDocuments: number,
  notes: (kept: string) => string[],
): PreparedTexts {
  const kept = mapSplits((split) => filterByLength(all[split], bounds));
  return { ...kept, vocabulary: buildVocabulary(all.train, minDocuments), notes: notes(keptOf(kept, all)) };
}

/** "10 of 12 in train, all 3 in dev, 4 of 5 in test", for notes. */
export function keptOf(kept: Pick<PreparedTexts, Split>, all: Pick<PreparedTexts, Split>): string {
  const countOf = (some: number, whole: number) => (some === whole ? `all ${whole}` : `${some} of ${whole}`);
  return splits.map((split) => `${countOf(kept[split].length, all[split].length)} in ${split}`).join(", ");
}

export function mapSplits<T>(make: (split: Split) => T): Record<Split, T> {
  return { train: make("train"), dev: make("dev"), test: make("test") };
}
