import { isSolved } from "../../stats/classification";
import type { Corpus, PreparedTexts, Split } from "../dataset";
import { mapSplits } from "../prepare";

const ending = "-question-only";

export function questionOnlyName(corpus: string): string {
  return corpus + ending;
}

/** The corpus whose texts were taken away, as "snli" of "snli-question-only"; any other name stays as it is. */
export function wholeName(corpus: string): string {
  return corpus.endsWith(ending) ? corpus.slice(0, -ending.length) : corpus;
}

/** A corpus of questions or hypotheses alone: what a model learns of it is what can be known without reading. */
export function questionOnly(corpus: Corpus): Corpus {
  const { published: _, ...rest } = corpus;
  return {
    ...rest,
    name: questionOnlyName(corpus.name),
    title: `${corpus.title}, ${corpus.task === "inference" ? "hypotheses" : "questions"} alone`,
    origin: `${corpus.origin} The texts themselves are taken away.`,
    read: async (options) => withoutTexts(await corpus.read(options)),
  };
}

export function withoutTexts<Texts extends Pick<PreparedTexts, Split>>(texts: Texts): Texts {
  return { ...texts, ...mapSplits((split) => texts[split].map((example) => ({ ...example, tokens: ["…"] }))) };
}

type Scored = { corpus: string; scores: { accuracy: number; chance: number } };

/** Whether a model does its task: with a question, beside those of the question alone that are among the others. */
export function isSolvedBeside({ corpus, scores }: Scored, others: readonly Scored[] = []): boolean {
  const name = questionOnlyName(corpus);
  const alone = others.flatMap((other) => (other.corpus === name ? [other.scores.accuracy] : []));
  return isSolved(scores, alone);
}
