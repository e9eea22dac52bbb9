import { UserError } from "../errors";
import type { Corpus, CorpusState, PreparedTexts, ReadOptions, Split } from "./dataset";
import { mapSplits } from "./prepare";

// A corpus that may not be passed on leaves its reader without a word of its texts: every word is replaced by a name that
// says its rank in the vocabulary and nothing else. What is made from such a `Dataset` (rows, figures, checkpoints, logs)
// then cannot hold text. The words themselves stay in the memory of this module, for word vectors and own sentences.

/** What stands for every word that is not in the vocabulary. */
export const unknownWordName = "word-unknown";

const realVocabularies = new WeakMap<readonly string[], readonly string[]>();
const namesOfCorpora = new Map<string, ReadonlyMap<string, string>>();

/** Where the user's own file or folder is. @throws UserError that says how to get it, if it is not there */
export function requireOwn(state: CorpusState): string {
  if (state.kind === "ready") return state.where;
  throw new UserError(`The texts are not at hand${state.kind === "needs your file" ? `; ${state.how}` : ""}.`);
}

/** Numbers of patients and tweets go, and of an error that could quote a text only its kind is told. */
export async function readRestricted(corpus: Corpus, options: ReadOptions): Promise<PreparedTexts> {
  try {
    const { vocabulary, notes, ...texts } = await corpus.read(options);
    const number = (split: Split) =>
      texts[split].map((example, index) => ({ ...example, id: `${split}-${index + 1}` }));
    return { ...mapSplits(number), vocabulary, notes };
  } catch (error) {
    throw error instanceof UserError ? error : concealError(error, corpus);
  }
}

/** An error without what could be of a text: of an unforeseen one its kind is told, else quotes that are not of `asked` go. */
export function concealError(error: unknown, asked: { name?: string; path?: string }): UserError {
  const { name, code, message } = error as NodeJS.ErrnoException;
  const given = JSON.stringify(asked);
  if (error instanceof UserError)
    return new UserError(message.replace(/"(?:[^"\\]|\\.)*"/g, (quote) => (given.includes(quote) ? quote : '"…"')));
  return new UserError(
    `The corpus "${asked.name ?? asked.path}" cannot be read (${[name, code].filter(Boolean).join(" ")}); what went wrong is not told, since that could quote a text.`,
  );
}

/**
 * The same texts with names for words: "word-00001" for the most frequent, "word-unknown" for what the vocabulary lacks.
 * @param vocabulary that of the whole corpus, where the texts are a part of it: so a word has the same name in both
 */
export function concealWords(corpus: string, texts: PreparedTexts, vocabulary: readonly string[]): PreparedTexts {
  const names = new Map(vocabulary.map((word, rank) => [word, `word-${String(rank + 1).padStart(5, "0")}`]));
  namesOfCorpora.set(corpus, names);
  const conceal = (words: readonly string[]) => words.map((word) => names.get(word) ?? unknownWordName);
  const concealed: PreparedTexts = {
    ...mapSplits((split) =>
      texts[split].map(({ id, tokens, question, candidates, label }) => ({
        ...{ id, tokens: conceal(tokens), label },
        ...(question && { question: conceal(question) }),
        ...(candidates && { candidates }),
      })),
    ),
    vocabulary: conceal(texts.vocabulary),
    notes: [
      ...texts.notes,
      "The texts may not be passed on: words are shown as their rank in the vocabulary, and texts as their number.",
    ],
  };
  realVocabularies.set(concealed.vocabulary, texts.vocabulary);
  return concealed;
}

/** The names of a user's own words. @throws UserError if the corpus, or the file of one's own, was not loaded before */
export function concealSentence(corpus: string | { path: string }, words: readonly string[]): string[] {
  const [name, load] =
    typeof corpus === "string"
      ? [corpus, `loadDataset("${corpus}")`]
      : [corpus.path, `ownCorpus({ path: "${corpus.path}", … })`];
  const names = namesOfCorpora.get(name);
  if (names === undefined)
    throw new UserError(
      `A sentence for the corpus "${name}" needs the corpus's words, but it is not loaded; call await ${load} first.`,
    );
  return words.map((word) => names.get(word) ?? unknownWordName);
}

/**
 * The words behind the vocabulary of a restricted corpus, which word vectors alone may see; of any other, the same words.
 * @param vocabulary the very array of the `Dataset`: a copy has no words behind it
 */
export function revealWords(vocabulary: readonly string[]): readonly string[] {
  return realVocabularies.get(vocabulary) ?? vocabulary;
}
