import { dirname, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";
import { type Corpus, type CorpusFile, type PreparedTexts, splits } from "../corpus";
import type { Example, Split } from "../dataset";
import { readZip } from "../files/archive";
import { parseJsonLine } from "../files/jsonLine";
import { readLines, type SplitSource, splitsIn } from "../files/lines";
import { fetchFile, folderOf, inMirror, stateOf } from "../files/source";
import { mapSplits } from "../prepare";
import { createSharedWords } from "../words/sharedWords";
import { buildVocabulary, cleanPlain } from "../words/text";

const archive: CorpusFile = {
  url: "https://nlp.stanford.edu/projects/snli/snli_1.0.zip",
  bytes: 94_550_081,
  sha256: "afb3d70a5af5d8de0d9d81e2637e0fb8c22d1235c2749d83125ca43dab0dbd3e",
};

/** In the order of the labels 0, 1, 2. */
const classNames = ["contradiction", "entailment", "neutral"] as const;
/** Pairs with a gold label in the official files. */
const official: Record<Split, number> = { train: 549_367, dev: 9842, test: 9824 };

const common: Pick<Corpus, "task" | "classNames" | "licence" | "citation" | "cleaning"> = {
  task: "inference",
  classNames: [...classNames],
  licence: "CC BY-SA 4.0",
  citation: "Bowman et al. (2015), A Large Annotated Corpus for Learning Natural Language Inference, EMNLP, 632-642",
  cleaning: "plain",
};

/** Stanford Natural Language Inference, prepared as in the paper's code: read is the premise, asked the hypothesis. */
export const snli: Corpus = {
  ...common,
  name: "snli",
  title: "Stanford Natural Language Inference",
  origin: "Captions of photographs, each with a sentence that follows from it, contradicts it or does neither.",
  files: [archive],
  published: { train: [183_187, 183_416, 182_764], test: [3237, 3368, 3219], vocabulary: 20_982 },
  state: () => stateOf("snli", [archive], folderOf(findInMirror()?.[0]?.path)),
  read: async (options) => {
    const found = findInMirror();
    if (found !== undefined) return checkCounts(await preparePairs(found), dirname(found[0]!.path));
    const { path } = await fetchFile("snli", archive, options);
    const names = mapSplits((split) => `snli_1.0_${split}.jsonl`);
    return checkCounts(await preparePairs(splitsIn(path, readZip, names, options)), path);
  },
};

/** A part of SNLI, balanced over the classes, shipped with the project; needs no network. */
export const snliSample: Corpus = {
  ...common,
  name: "snli-sample",
  title: "Stanford Natural Language Inference, a sample",
  origin: `${snli.origin} A sample of SNLI, balanced over the classes.`,
  files: [],
  state: () => ({ kind: "ready", where: shipped }),
  read: async () => {
    const texts = await preparePairs(
      splits.map((split) => ({ split, path: join(shipped, `snli_sample_${split}.jsonl.gz`) })),
    );
    const counts = splits.map((split) => `${texts[split].length} of ${official[split]} in ${split}`);
    return {
      ...texts,
      notes: [`A sample of SNLI with as many pairs of each class: ${counts.join(", ")}.`, ...texts.notes],
    };
  },
};

const shipped = join(projectFolder, "data", "snli");

/**
 * Makes a corpus from the files of pairs: tokens are spaCy's, in lower case, any with a digit is "qqq". Pairs without a
 * gold label ("-") or with an empty sentence are dropped; words of at least three training pairs are known. Nothing is
 * filtered by length.
 *
 * @throws UserError that names the file and the line, if a line is no pair
 */
export async function preparePairs(files: Iterable<SplitSource> | AsyncIterable<SplitSource>): Promise<PreparedTexts> {
  const share = createSharedWords();
  const pairs: Record<Split, Example[]> = { train: [], dev: [], test: [] };
  for await (const file of files) for await (const pair of readPairs(file, share)) pairs[file.split].push(pair);
  return {
    ...pairs,
    vocabulary: buildVocabulary(pairs.train, { minDocuments: 3 }),
    notes: ["Pairs without a gold label are left out, as in the paper."],
  };
}

const pairLine = z.object({
  gold_label: z.enum([...classNames, "-"]),
  sentence1: z.string(),
  sentence2: z.string(),
});

async function* readPairs(source: SplitSource, share: (word: string) => string): AsyncGenerator<Example> {
  for await (const { line, text } of readLines(source)) {
    const { gold_label, sentence1, sentence2 } = parseJsonLine(text, pairLine, `Line ${line} of ${source.path}`);
    const [tokens, question] = [cleanPlain(sentence1).map(share), cleanPlain(sentence2).map(share)];
    if (gold_label === "-" || tokens.length === 0 || question.length === 0) continue;
    yield { id: `${source.split}-${line}`, tokens, question, label: classNames.indexOf(gold_label) };
  }
}

/** Dev and test must be whole; of train a part will do, and the note says how much it is. */
function checkCounts(texts: PreparedTexts, where: string): PreparedTexts {
  for (const split of ["dev", "test"] as const)
    if (texts[split].length !== official[split])
      throw new UserError(
        `The ${split} file of SNLI in ${where} must have ${official[split]} pairs with a gold label, but has ${texts[split].length}; get it anew.`,
      );
  const { length } = texts.train;
  if (length === official.train) return texts;
  const share = Math.round((100 * length) / official.train);
  return { ...texts, notes: [`${share} % of train: ${length} of ${official.train} pairs.`, ...texts.notes] };
}

function findInMirror(): SplitSource[] | undefined {
  const find = (part: string) => inMirror("snli", `snli_1.0_${part}.jsonl`);
  const [train, dev, test] = [find("train") ?? find("train_partial"), find("dev"), find("test")];
  if (train === undefined || dev === undefined || test === undefined) return undefined;
  return [
    { split: "train", path: train },
    { split: "dev", path: dev },
    { split: "test", path: test },
  ];
}
