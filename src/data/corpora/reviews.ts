import { join } from "node:path";
import { projectFolder } from "../../paths";
import { createRandom } from "../../stats/random";
import { groupBy } from "../../stats/summary";
import type { Corpus, Example, PreparedTexts, Split } from "../dataset";
import { type LineSource, readLines } from "../files/lines";
import { corpusInParts } from "../files/source";
import { buildVocabulary, cleanPlain, mapSplits } from "../prepare";

/** 3,000 sentences from reviews, shipped with the project; needs no network. */
export const reviews: Corpus = corpusInParts({
  name: "reviews",
  title: "Sentiment labelled sentences",
  task: "classification",
  classNames: ["negative", "positive"],
  origin:
    "3,000 sentences from reviews of products (Amazon), films (IMDb) and restaurants (Yelp), the UCI data set 331 by Kotzias et al.",
  licence: "CC BY 4.0",
  citation: "Kotzias et al. (2015), From Group to Individual Labels using Deep Features, KDD, 597-606",
  folder: join(projectFolder, "data", "reviews"),
  parts: { all: ["sentences.tsv"] },
  contents: { all: "4a96e0b08f94f4adaa1c10ed8ff9b7f5cd3869c3eb0e207f1993b8761000a751" },
  readPart: readSentences,
  prepare: ({ all }) => prepareSentences(all),
});

/** One sentence, with where it was written (amazon, imdb or yelp) and its label, 0 negative or 1 positive. */
type LabelledSentence = { source: string; label: number; text: string };

/** The sentences of the shipped file: after a line of headings source, label and text with tabs between them. */
export async function readSentences(file: LineSource): Promise<LabelledSentence[]> {
  const sentences: LabelledSentence[] = [];
  for await (const { line, text: row } of readLines(file)) {
    const [source, label, text] = row.split("\t") as [string, string, string];
    if (line > 1) sentences.push({ source, label: Number(label), text });
  }
  return sentences;
}

const shares = { test: 0.2, dev: 0.1 };

/** 70 % train, 10 % dev and 20 % test of every source and class, fixed for ever; equal sentences are in one split. */
export function prepareSentences(rows: readonly LabelledSentence[]): PreparedTexts {
  const numbers = new Map<string, number>();
  const examples = rows.map(({ source, label, text }): Example => {
    const number = (numbers.get(source) ?? 0) + 1;
    numbers.set(source, number);
    return { id: `${source}-${number}`, tokens: cleanPlain(text), label };
  });
  const known = examples.filter(({ tokens }) => tokens.length > 0);
  const groups = groupBy(known, ({ id, label }) => id.replace(/-\d+$/, ` ${label}`));
  const parts = [...groups].map(([name, group]) => splitGroup(name, group));
  const random = createRandom("reviews order");
  const whole = mapSplits((split) => random.shuffle(parts.flatMap((part) => part[split])));
  return {
    ...whole,
    vocabulary: buildVocabulary(whole.train),
    notes: ["Not one of the paper's corpora; its texts are cleaned as the paper's code cleans plain text."],
  };
}

function splitGroup(name: string, examples: readonly Example[]): Record<Split, Example[]> {
  const parts: Record<Split, Example[]> = mapSplits(() => []);
  const equal = groupBy(examples, ({ tokens }) => tokens.join(" ")).values();
  for (const same of createRandom(`reviews ${name}`).shuffle([...equal])) {
    const split = (["test", "dev"] as const).find(
      (candidate) => parts[candidate].length + same.length <= Math.round(examples.length * shares[candidate]),
    );
    parts[split ?? "train"].push(...same);
  }
  return parts;
}
