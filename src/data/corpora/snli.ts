import { join } from "node:path";
import { z } from "zod";
import { projectFolder } from "../../paths";
import { type Corpus, type Example, type PreparedTexts, type Split, splits } from "../dataset";
import { readJsonLines } from "../files/lines";
import { checkCount, corpusInParts, type PartSource } from "../files/source";
import { buildVocabulary, cleanPlain, mapSplits } from "../prepare";

const classNames = ["contradiction", "entailment", "neutral"] as const;
/** Pairs with a gold label in the official files. */
const official: Record<Split, number> = { train: 549_367, dev: 9842, test: 9824 };

const common: Pick<Corpus, "task" | "classNames" | "licence" | "citation"> = {
  task: "inference",
  classNames: [...classNames],
  licence: "CC BY-SA 4.0",
  citation: "Bowman et al. (2015), A Large Annotated Corpus for Learning Natural Language Inference, EMNLP, 632-642",
};

/** Stanford Natural Language Inference, prepared as in the paper's code: read is the premise, asked the hypothesis. */
export const snli: Corpus = corpusInParts({
  ...common,
  name: "snli",
  title: "Stanford Natural Language Inference",
  origin: "Captions of photographs, each with a sentence that follows from it, contradicts it or does neither.",
  published: { train: [183_187, 183_416, 182_764], test: [3237, 3368, 3219], vocabulary: 20_982 },
  files: [
    {
      url: "https://nlp.stanford.edu/projects/snli/snli_1.0.zip",
      bytes: 94_550_081,
      sha256: "afb3d70a5af5d8de0d9d81e2637e0fb8c22d1235c2749d83125ca43dab0dbd3e",
    },
  ],
  // Of train a part of the pairs is taken where that is all there is.
  parts: mapSplits((split) => [`snli_1.0_${split}.jsonl`, `snli_1.0_${split}_partial.jsonl`]),
  readPart: readOfficial,
  prepare: (pairs) => preparePairs(pairs, partNote(pairs.train.length)),
});

/** A part of SNLI, balanced over the classes, shipped with the project; needs no network. */
export const snliSample: Corpus = corpusInParts({
  ...common,
  name: "snli-sample",
  title: "Stanford Natural Language Inference, a sample",
  origin: `${snli.origin} A sample of SNLI, balanced over the classes.`,
  folder: join(projectFolder, "data", "snli"),
  parts: mapSplits((split) => [`snli_sample_${split}.jsonl.gz`]),
  readPart: readPairs,
  prepare: (pairs) => {
    const counts = splits.map((split) => `${pairs[split].length} of ${official[split]} in ${split}`);
    return preparePairs(pairs, [`A sample of SNLI with as many pairs of each class: ${counts.join(", ")}.`]);
  },
});

/** Tokens are spaCy's; pairs without a gold label ("-") are dropped; words of at least three training pairs are known. */
export function preparePairs(pairs: Record<Split, Example[]>, notes: readonly string[] = []): PreparedTexts {
  return {
    ...pairs,
    vocabulary: buildVocabulary(pairs.train, 3),
    notes: [...notes, "Pairs without a gold label are left out, as in the paper."],
  };
}

const pairLine = z.object({
  gold_label: z.enum([...classNames, "-"]),
  sentence1: z.string(),
  sentence2: z.string(),
});

export async function readPairs(file: PartSource<Split>): Promise<Example[]> {
  const pairs: Example[] = [];
  for await (const { line, value } of readJsonLines(file, pairLine)) {
    const { gold_label, sentence1, sentence2 } = value;
    const [tokens, question] = [cleanPlain(sentence1), cleanPlain(sentence2)];
    if (gold_label === "-" || tokens.length === 0 || question.length === 0) continue;
    pairs.push({ id: `${file.part}-${line}`, tokens, question, label: classNames.indexOf(gold_label) });
  }
  return pairs;
}

/** Dev and test must be whole; of train a part will do. */
async function readOfficial(file: PartSource<Split>): Promise<Example[]> {
  const pairs = await readPairs(file);
  if (file.part !== "train") checkCount(file.path, "pairs with a gold label", pairs.length, official[file.part]);
  return pairs;
}

function partNote(count: number): string[] {
  const share = Math.round((100 * count) / official.train);
  return count === official.train ? [] : [`${share} % of train: ${count} of ${official.train} pairs.`];
}
