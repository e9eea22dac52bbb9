import { type Corpus, type CorpusFile, type PreparedTexts, splits } from "../corpus";
import type { Example, Split } from "../dataset";
import { readTarGz } from "../files/archive";
import { rememberSum } from "../files/download";
import { type SplitSource, splitsIn } from "../files/lines";
import { fetchFile, folderOf, inMirror, stateOf } from "../files/source";
import { mapSplits } from "../prepare";
import { createSharedWords } from "../words/sharedWords";
import { buildVocabulary } from "../words/text";
import { isEntity, type NewsQuestion, readNews } from "./news";

const archive: CorpusFile = { url: "http://cs.stanford.edu/~danqi/data/cnn.tar.gz", bytes: 546_000_000 };

/**
 * CNN news questions in the form of Chen et al. (2016), which the paper uses: names are replaced by @entity1, @entity2 and
 * so on, and the question lacks one of them.
 *
 * All of train is 290 million words in plain arrays and takes about 2.6 GB of memory: start Node with
 * `NODE_OPTIONS=--max-old-space-size=6144`.
 */
export const cnn: Corpus = {
  name: "cnn",
  title: "CNN news questions",
  task: "question answering",
  classNames: [],
  origin: "News articles of CNN, with a question for each sentence of their summaries; names are replaced by numbers.",
  licence: "none stated by the distributors",
  citation:
    "Hermann et al. (2015), Teaching Machines to Read and Comprehend, NIPS; prepared by Chen et al. (2016), A Thorough Examination of the CNN/Daily Mail Reading Comprehension Task, ACL, 2358-2367",
  cleaning: "plain",
  files: [archive],
  published: { train: [380_298], test: [3198], vocabulary: 70_190 },
  state: () => stateOf("cnn", [archive], folderOf(findInMirror()?.[0]?.path)),
  read: async (options) => {
    const found = findInMirror();
    if (found !== undefined) return prepareNews(found);
    const { path, sha256 } = await fetchFile("cnn", archive, options);
    const names = mapSplits((split) => `${split}.txt`);
    const texts = await prepareNews(splitsIn(path, readTarGz, names, options));
    await rememberSum(path);
    return {
      ...texts,
      notes: [...texts.notes, `Nobody has published a checksum; what came has the SHA-256 ${sha256}.`],
    };
  },
};

/**
 * Makes a corpus from the files of questions, each read once, one after the other; equal words share one string.
 *
 * The classes are the entities in the articles of train, by their numbers; possible answers to a question are those that
 * its article has. Words in at least eight training examples are known. A question whose answer no article of train has is
 * left out.
 *
 * @throws UserError that names the file and the line of a question that is not as it must be
 */
export async function prepareNews(files: Iterable<SplitSource> | AsyncIterable<SplitSource>): Promise<PreparedTexts> {
  const share = createSharedWords();
  const read: Record<Split, NewsQuestion[]> = { train: [], dev: [], test: [] };
  for await (const file of files) for await (const question of readNews(file, share)) read[file.split].push(question);
  const classNames = entitiesOf(read.train);
  const labels = new Map(classNames.map((name, label) => [name, label]));
  const texts = mapSplits((split) => read[split].flatMap((question) => toExample(split, question, labels)));
  const left = splits.reduce((sum, split) => sum + read[split].length - texts[split].length, 0);
  return {
    ...texts,
    vocabulary: buildVocabulary(texts.train, { minDocuments: 8 }),
    classNames,
    notes: [
      "Possible answers are the entities of the article, as in the paper.",
      ...(left > 0 ? [`Questions whose answer no article of train has are left out: ${left}.`] : []),
    ],
  };
}

function entitiesOf(questions: readonly NewsQuestion[]): string[] {
  const entities = new Set<string>();
  for (const { tokens } of questions) for (const token of tokens) if (isEntity(token)) entities.add(token);
  const number = (entity: string) => Number(entity.slice("@entity".length));
  return [...entities].sort((a, b) => number(a) - number(b));
}

function toExample(split: Split, news: NewsQuestion, labels: ReadonlyMap<string, number>): Example[] {
  const label = labels.get(news.answer);
  if (label === undefined) return [];
  const found = new Set<number>();
  for (const token of news.tokens) if (labels.has(token)) found.add(labels.get(token)!);
  const candidates = [...found].sort((a, b) => a - b);
  return [{ id: `${split}-${news.line}`, tokens: news.tokens, question: news.question, candidates, label }];
}

function findInMirror(): SplitSource[] | undefined {
  const files = splits.flatMap((split) => {
    const path = inMirror("cnn", `${split}.txt`);
    return path === undefined ? [] : [{ split, path }];
  });
  return files.length === splits.length ? files : undefined;
}
