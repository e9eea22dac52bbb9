import { requireNumber, UserError, unknownName } from "../errors";
import { createRandom } from "../stats/random";
import { adr } from "./corpora/adr";
import { agnews } from "./corpora/agnews";
import { babi, smallBabi } from "./corpora/babi";
import { cnn } from "./corpora/cnn";
import { imdb } from "./corpora/imdb";
import { mails } from "./corpora/mails";
import { anemia, diabetes } from "./corpora/mimic";
import { newsgroups } from "./corpora/newsgroups";
import { questionOnly, wholeName } from "./corpora/questionOnly";
import { reviews } from "./corpora/reviews";
import { snli, snliSample } from "./corpora/snli";
import { sst } from "./corpora/sst";
import { type Corpus, type Dataset, type PreparedTexts, type ReadOptions, splits } from "./dataset";
import { checkOwnCorpus, type OwnCorpus } from "./ownCorpusOptions";
import { buildVocabulary, keptOf, tokenize } from "./prepare";
import { concealSentence, concealWords, readRestricted } from "./restricted";

/** Every corpus that there is: the paper's in the order of its Table 1 after the first, then others that come with the project. */
export const corpora: readonly Corpus[] = [
  reviews,
  sst,
  imdb,
  adr,
  newsgroups,
  agnews,
  diabetes,
  anemia,
  cnn,
  ...babi,
  snli,
  mails,
  ...smallBabi,
  snliSample,
];

/** What a front end offers where a corpus is named, which may be another one, as "babi1-question-only". */
export type CorpusName =
  | ("reviews" | "sst" | "imdb" | "adr" | "20news" | "agnews" | "diabetes" | "anemia" | "cnn" | "snli" | "mails")
  | ("babi1" | "babi2" | "babi3" | "babi1-small" | "babi2-small" | "babi3-small" | "snli-sample")
  | (string & Record<never, never>);

export const corpusNames: readonly string[] = corpora.map(({ name }) => name);

export interface LoadOptions extends ReadOptions {
  /** At most this many examples of each split, drawn at random but always the same ones. Default: all. */
  limit?: number;
}

/**
 * Reads a corpus that comes with the project, lies in ATTENTION_DATA_MIRROR, is downloaded once, or needs a file of yours.
 *
 * @throws UserError for an unknown name, a file that is missing or damaged, a split without examples or of one class only
 */
export async function loadDataset(corpus: string, options: LoadOptions = {}): Promise<Dataset> {
  const { limit } = options;
  if (limit !== undefined) requireNumber("limit", limit, { from: 1, integer: true });
  const entry = findCorpus(corpus);
  const all = entry.restricted ? await readRestricted(entry, options) : await entry.read(options);
  const some = limit === undefined ? all : takeSome(all, limit);
  if (entry.task === "classification") checkClasses(some, entry);
  const texts = entry.restricted ? concealWords(corpus, some, all.vocabulary) : some;
  const { name, title, task, origin, licence, citation, restricted } = entry;
  const classNames = [...(texts.classNames ?? entry.classNames)];
  return { corpus: name, title, task, ...texts, classNames, origin, licence, citation, restricted };
}

/** The corpus of this name; those with a question have another one beside them, as "snli-question-only". */
export function findCorpus(name: string): Corpus {
  const whole = wholeName(name);
  const corpus = corpora.find((candidate) => candidate.name === whole);
  if (corpus === undefined || (whole !== name && corpus.task === "classification"))
    throw unknownName("corpus", name, corpusNames);
  return whole === name ? corpus : questionOnly(corpus);
}

/**
 * The tokens of a sentence of your own, cleaned as this corpus was, so that a model trained on it can read them:
 * `tokenizeFor("sst", "A fine film.")`, or of your own corpus `tokenizeFor({ path: "reviews.csv" }, "A fine film.")`.
 * Of a restricted corpus, which must have been loaded, they are its names for them. @throws UserError if it has no word
 */
export function tokenizeFor(corpus: string | OwnCorpus, sentence: string): string[] {
  const settings = typeof corpus === "string" ? findCorpus(corpus) : checkOwnCorpus(corpus);
  const tokens = tokenize(sentence, settings.cleaning);
  return settings.restricted ? concealSentence(corpus, tokens) : tokens;
}

/** At most `limit` examples of each split, drawn at random but always the same ones, with the words that these train on. */
export function takeSome(texts: PreparedTexts, limit: number): PreparedTexts {
  if (splits.every((split) => texts[split].length <= limit)) return texts;
  const random = createRandom("limit");
  const take = <T>(items: T[]): T[] => (items.length > limit ? random.shuffle(items).slice(0, limit) : items);
  const train = take(texts.train);
  const known = new Set(texts.vocabulary);
  const some = { train, dev: take(texts.dev), test: take(texts.test) };
  return {
    ...some,
    classNames: texts.classNames,
    vocabulary: buildVocabulary(train).filter((word) => known.has(word)),
    notes: [...texts.notes, `Only a part of the examples was taken: ${keptOf(some, texts)}.`],
  };
}

/** Every split needs examples of every class: training weighs the classes, and an AUC of one class does not exist. */
export function checkClasses(texts: PreparedTexts, { name, ...corpus }: Pick<Corpus, "name" | "classNames">): void {
  const { classNames = corpus.classNames } = texts;
  for (const split of splits) {
    const missing = classNames.filter((_, label) => !texts[split].some((example) => example.label === label));
    if (missing.length === 0) continue;
    throw new UserError(
      `The ${split} split of the corpus "${name}" needs examples of every class, but of its ${texts[split].length} none is ${missing.join(" or ")}; use more of the corpus, or leave labels of few texts out.`,
    );
  }
}
