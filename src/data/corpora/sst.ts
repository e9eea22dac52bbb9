import type { Corpus, Example, PreparedTexts, Split } from "../dataset";
import { type LineSource, readLines } from "../files/lines";
import { corpusInParts } from "../files/source";
import { cleanTreebank, mapSplits, withinLengths } from "../prepare";

/** Stanford Sentiment Treebank, positive and negative sentences, prepared as in the paper's code. */
export const sst: Corpus = corpusInParts({
  name: "sst",
  title: "Stanford Sentiment Treebank",
  task: "classification",
  classNames: ["negative", "positive"],
  origin: "Sentences from film reviews with the sentiment of every phrase (nlp.stanford.edu/sentiment).",
  licence: "none stated by the distributors",
  citation:
    "Socher et al. (2013), Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank, EMNLP, 1631-1642",
  cleaning: "treebank",
  published: { train: [3034, 3321], test: [863, 862], vocabulary: 13_826 },
  files: [
    {
      url: "https://nlp.stanford.edu/sentiment/trainDevTestTrees_PTB.zip",
      bytes: 789_539,
      sha256: "5c613a4f673fc74097d523a2c83f38e0cc462984d847b82c7aaf36b01cbbbfcc",
    },
  ],
  folder: "sst/trees",
  parts: mapSplits((split) => [`${split}.txt`]),
  contents: {
    train: "e2f3f41b0b1e6d4dddc0effe3bfc2d27ed8928079aa9a03d652311614fc5feb7",
    dev: "0e9336aed6e4730e19f58d00a77b3f0297efdb755f7b5e598c98a05e3f97ea40",
    test: "6e54806dee95cf80cd918e7dfb3f6770f6df24bf826f289a4d1f709e1c8f6761",
  },
  readPart: readTrees,
  prepare: prepareTrees,
});

/** 0 and 1 are negative, 3 and 4 positive; the vocabulary is that of all lengths: so the published 13,826 comes about. */
export function prepareTrees(trees: Record<Split, Tree[]>): PreparedTexts {
  const all = mapSplits((split) =>
    trees[split]
      .filter(({ label }) => label !== 2)
      .map(({ label, words, line }): Example => {
        return { id: `${split}-${line}`, tokens: cleanTreebank(words), label: label >= 3 ? 1 : 0 };
      }),
  );
  return withinLengths(all, { above: 5 }, 1, (kept) => [
    "Neutral sentences are left out, as in the paper.",
    `Sentences of five words or fewer and the longest of each split are left out, as in the paper's code; kept are ${kept}.`,
    "The vocabulary is that of all training sentences, also of those that are left out for their length.",
  ]);
}

/** A sentence: its sentiment from 0, very negative, to 4, its words as the treebank writes them, as in "n't", and its line. */
export type Tree = { label: number; words: string[]; line: number };

/** The trees of a file of the treebank, one a line, as in `(3 (2 A) (3 (3 good) (2 film)))`, of which its SHA-256 is known. */
export async function readTrees(source: LineSource): Promise<Tree[]> {
  const trees: Tree[] = [];
  for await (const { line, text } of readLines(source)) {
    // A word may hold a non-breaking space, as in "2 1\/2".
    const words = [...text.matchAll(/\([0-4] ([^() \t\r]+)\)/g)].map(([, word]) => word!);
    if (words.length > 0) trees.push({ label: Number(text.trim()[1]), words, line });
  }
  return trees;
}
