import { createHash } from "node:crypto";
import { join } from "node:path";
import { UserError } from "../../errors";
import { type Corpus, type CorpusFile, type PreparedTexts, type ReadOptions, splits } from "../corpus";
import type { Example, Split } from "../dataset";
import { readBytes, readZip } from "../files/archive";
import { bytesOf } from "../files/bytes";
import { fetchFile, inMirror, plainOrGzip, stateOf } from "../files/source";
import { filterByLength, keptOf, mapSplits } from "../prepare";
import { buildVocabulary, cleanTreebank } from "../words/text";
import { readTrees, type Tree } from "./trees";

const archive: CorpusFile = {
  url: "https://nlp.stanford.edu/sentiment/trainDevTestTrees_PTB.zip",
  bytes: 789_539,
  sha256: "5c613a4f673fc74097d523a2c83f38e0cc462984d847b82c7aaf36b01cbbbfcc",
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
  files: [archive],
  published: { train: [3034, 3321], test: [863, 862], vocabulary: 13_826 },
  state: () => stateOf("sst", [archive], inMirror("sst", "trees")),
  read: async (options) => {
    const files = await readSplits(options);
    const [train, dev, test] = await Promise.all(splits.map((split) => readTrees(files[split])));
    for (const split of splits) checkContent(files[split], contents[split]);
    return prepareTrees({ train: train!, dev: dev!, test: test! });
  },
};

/**
 * Makes a corpus of two classes from trees as the paper's code does: neutral sentences are dropped, 0 and 1 are negative,
 * 3 and 4 positive; sentences of five words or fewer and the longest of each split are dropped.
 *
 * The vocabulary is that of the training sentences before the short and the longest ones are dropped, which is how the
 * published 13,826 (with four special tokens) comes about.
 */
export function prepareTrees(trees: Record<Split, Tree[]>): PreparedTexts {
  const all = mapSplits((split) => toExamples(trees[split], split));
  const kept = mapSplits((split) => filterByLength(all[split], { above: 5 }));
  return {
    ...kept,
    vocabulary: buildVocabulary(all.train),
    notes: [
      "Neutral sentences are left out, as in the paper.",
      `Sentences of five words or fewer and the longest of each split are left out, as in the paper's code; kept are ${keptOf(kept, all)}.`,
      "The vocabulary is that of all training sentences, also of those that are left out for their length.",
    ],
  };
}

function toExamples(trees: Tree[], split: Split): Example[] {
  return trees
    .filter(({ label }) => label !== 2)
    .map(({ label, words, line }) => ({
      id: `${split}-${line}`,
      tokens: cleanTreebank(words),
      label: label >= 3 ? 1 : 0,
    }));
}

/** A file of trees that is held in memory. */
interface TreeFile {
  path: string;
  bytes: [Uint8Array];
}

async function readSplits(options: ReadOptions): Promise<Record<Split, TreeFile>> {
  const folder = inMirror("sst", "trees");
  if (folder === undefined) return readArchive((await fetchFile("sst", archive, options)).path);
  const read = async (split: Split): Promise<TreeFile> => {
    const path = plainOrGzip(join(folder, `${split}.txt`));
    return { path, bytes: [await bytesOf({ path, content: readBytes(path, options) }, largestFile)] };
  };
  return { train: await read("train"), dev: await read("dev"), test: await read("test") };
}

/**
 * Reads the three files of trees out of the official archive, in memory: nothing is unpacked to the disk.
 *
 * @throws UserError if it is not a zip file or one of the three is missing or too large
 */
export async function readArchive(path: string): Promise<Record<Split, TreeFile>> {
  const found = new Map<string, TreeFile>();
  for await (const entry of readZip(path, (name) => /^trees\/(train|dev|test)\.txt$/.test(name)))
    found.set(entry.path, { path: `${path}/${entry.path}`, bytes: [await bytesOf(entry, largestFile)] });
  return mapSplits((split) => {
    const file = found.get(`trees/${split}.txt`);
    if (file !== undefined) return file;
    throw new UserError(`${path} must hold trees/${split}.txt, but does not; delete it and start again.`);
  });
}

const largestFile = 16 * 1024 * 1024;

function checkContent({ path, bytes: [bytes] }: TreeFile, expected: string): void {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === expected) return;
  throw new UserError(
    `${path} is not the file of the official distribution: its content must have the SHA-256 ${expected} but has ${sha256}; get it anew.`,
  );
}
