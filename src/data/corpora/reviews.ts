import { join } from "node:path";
import { projectFolder } from "../../paths";
import type { Corpus, Example } from "../dataset";
import { type LineSource, readLines } from "../files/lines";
import { corpusInParts } from "../files/source";
import { buildVocabulary, cleanPlain, splitAsIn } from "../prepare";

const folder = join(projectFolder, "data", "reviews");

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
  folder,
  parts: { all: ["sentences.tsv"] },
  contents: { all: "4a96e0b08f94f4adaa1c10ed8ff9b7f5cd3869c3eb0e207f1993b8761000a751" },
  readPart: readSentences,
  // 70 % train, 10 % dev and 20 % test of every source and class; equal sentences are in one split.
  prepare: ({ all }) => {
    const texts = splitAsIn(join(folder, "split.json"), all);
    return {
      ...texts,
      vocabulary: buildVocabulary(texts.train),
      notes: ["Not one of the paper's corpora; its texts are cleaned as the paper's code cleans plain text."],
    };
  },
});

/** The sentences of the shipped file: after a line of headings source, label and text with tabs between them. */
export async function readSentences(file: LineSource): Promise<Example[]> {
  const sentences: Example[] = [];
  for await (const { line, text: row } of readLines(file)) {
    const [source, label, text] = row.split("\t") as [string, string, string];
    // Of each source there are 1,000, one after the other.
    const id = `${source}-${((line - 2) % 1000) + 1}`;
    if (line > 1) sentences.push({ id, tokens: cleanPlain(text), label: Number(label) });
  }
  return sentences;
}
