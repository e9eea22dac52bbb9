import { UserError } from "../../errors";
import { type Corpus, type PreparedTexts, splits } from "../corpus";
import type { Example, Split } from "../dataset";
import { type LineSource, lineFault, readLines } from "../files/lines";
import { type CorpusSource, checkContent, findParts, openParts, stateOf } from "../files/source";
import { mapSplits, withinLengths } from "../prepare";
import { cleanTreebank } from "../words/text";

const source: CorpusSource<Split> = {
  corpus: "sst",
  files: [
    {
      url: "https://nlp.stanford.edu/sentiment/trainDevTestTrees_PTB.zip",
      bytes: 789_539,
      sha256: "5c613a4f673fc74097d523a2c83f38e0cc462984d847b82c7aaf36b01cbbbfcc",
    },
  ],
  folder: "sst/trees",
  parts: mapSplits((split) => [`${split}.txt`]),
};

/** SHA-256 of the three files of trees, unpacked. */
const contents: Record<Split, string> = {
  train: "e2f3f41b0b1e6d4dddc0effe3bfc2d27ed8928079aa9a03d652311614fc5feb7",
  dev: "0e9336aed6e4730e19f58d00a77b3f0297efdb755f7b5e598c98a05e3f97ea40",
  test: "6e54806dee95cf80cd918e7dfb3f6770f6df24bf826f289a4d1f709e1c8f6761",
};

/** Stanford Sentiment Treebank, positive and negative sentences, prepared as in the paper's code. */
export const sst: Corpus = {
  name: "sst",
  title: "Stanford Sentiment Treebank",
  task: "classification",
  classNames: ["negative", "positive"],
  origin: "Sentences from film reviews with the sentiment of every phrase (nlp.stanford.edu/sentiment).",
  licence: "none stated by the distributors",
  citation:
    "Socher et al. (2013), Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank, EMNLP, 1631-1642",
  cleaning: "treebank",
  files: source.files,
  published: { train: [3034, 3321], test: [863, 862], vocabulary: 13_826 },
  state: () => stateOf(source),
  read: async (options) => {
    const trees: Record<Split, Tree[]> = mapSplits(() => []);
    for await (const file of openParts(source, options)) trees[file.part] = await readTrees(file);
    const mirrored = findParts(source);
    if (mirrored !== undefined) for (const split of splits) await checkContent(mirrored[split], contents[split]);
    return prepareTrees(trees);
  },
};

/**
 * Makes a corpus of two classes from trees as the paper's code does: 0 and 1 are negative, 3 and 4 positive.
 *
 * The vocabulary is taken before the short and the longest sentences are dropped, which is how the published 13,826 (with
 * four special tokens) comes about.
 */
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

/**
 * Reads trees in the bracketed form of the Penn Treebank, one a line: `(3 (2 A) (3 (3 good) (2 film)))`.
 *
 * Only the label of the whole sentence and the words are kept. A word may hold a non-breaking space, as in "2 1\/2".
 *
 * @throws UserError that names the file and the line, if a tree is not one or a label is not 0 to 4, or if there are none
 */
export async function readTrees(source: LineSource): Promise<Tree[]> {
  const trees: Tree[] = [];
  for await (const { line, text } of readLines(source)) {
    const tree = text.trim();
    if (tree === "") continue;
    const words = wordsOf(tree);
    if (words === undefined) throw lineFault(source, line, `${rule}, but is ${JSON.stringify(tree.slice(0, 60))}`);
    trees.push({ label: Number(tree[1]), words, line });
  }
  if (trees.length > 0) return trees;
  throw new UserError(`${source.path} must have one tree a line, but it has none; get the file anew.`);
}

const rule = 'must be a whole tree with labels from 0 to 4 like "(3 (2 A) (3 film))"';

/** The words of a tree of up to 1,000 levels; undefined where it is none. */
function wordsOf(tree: string): string[] | undefined {
  const leaf = /\([0-4] ([^() \t\r]+)\)/g;
  const words = [...tree.matchAll(leaf)].map(([, word]) => word!);
  // A line end stands for a tree that was read; there is none in the line itself.
  let rest = tree.replace(leaf, "\n");
  for (let level = 0; level < 1000 && rest.includes("("); level += 1) rest = rest.replace(/\([0-4](?: \n)+\)/g, "\n");
  return rest === "\n" ? words : undefined;
}
