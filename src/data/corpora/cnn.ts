import { UserError } from "../../errors";
import type { Example, Split } from "../dataset";
import { type Corpus, type PreparedTexts, splits } from "../dataset";
import { type LineSource, lineFault, readLines } from "../files/lines";
import { type CorpusSource, fromParts, type PartSource } from "../files/source";
import { buildVocabulary, mapSplits, shareWord } from "../prepare";

const source: CorpusSource<Split> = {
  corpus: "cnn",
  files: [{ url: "http://cs.stanford.edu/~danqi/data/cnn.tar.gz", bytes: 546_000_000 }],
  parts: mapSplits((split) => [`${split}.txt`]),
};

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
  published: { train: [380_298], test: [3198], vocabulary: 70_190 },
  ...fromParts(source, readNews, prepareNews),
};

/** The classes are the entities of train, possible answers those of the article. */
export function prepareNews(read: Record<Split, NewsQuestion[]>): PreparedTexts {
  const classNames = entitiesOf(read.train);
  const labels = new Map(classNames.map((name, label) => [name, label]));
  const texts = mapSplits((split) => read[split].flatMap((question) => toExample(question, labels)));
  const left = splits.reduce((sum, split) => sum + read[split].length - texts[split].length, 0);
  return {
    ...texts,
    vocabulary: buildVocabulary(texts.train, 8),
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

function toExample({ answer, ...news }: NewsQuestion, labels: ReadonlyMap<string, number>): Example[] {
  const label = labels.get(answer);
  if (label === undefined) return [];
  const candidates = new Set<number>();
  for (const token of news.tokens) if (labels.has(token)) candidates.add(labels.get(token)!);
  return [{ ...news, candidates: [...candidates].sort((a, b) => a - b), label }];
}

/** A question about an article in which names are @entity1, @entity2 and so on; its label is known once train is read. */
type NewsQuestion = Omit<Example, "label"> & { answer: string };

/** Questions as of Chen et al. (github.com/danqi/rc-cnn-dailymail): question, answer, article, empty line. */
export async function readNews(source: PartSource<Split>): Promise<NewsQuestion[]> {
  const { path } = source;
  const questions: NewsQuestion[] = [];
  let count = 0;
  let block: string[] = [];
  for await (const { line, text } of readLines(source)) {
    count = line;
    block.push(text);
    if (block.length === 3) questions.push(parseQuestion(source, block, count - 2));
    if (block.length < 4) continue;
    if (text.trim() !== "") throw fault(source, count, "empty after three lines of a question", text);
    block = [];
  }
  if (block.length === 1 || block.length === 2)
    throw new UserError(`${path} is truncated: it ends at line ${count} within a question; get the file anew.`);
  if (count === 0) throw new UserError(`${path} must hold questions, but is empty; get the file anew.`);
  return questions;
}

function parseQuestion(source: PartSource<Split>, block: string[], line: number): NewsQuestion {
  const words = block.map((text) => text.trim().toLowerCase().split(/\s+/).map(shareWord));
  const [question, answers, tokens] = words as [string[], string[], string[]];
  const answer = answers[0]!;
  if (!question.includes("@placeholder")) throw fault(source, line, "a question with @placeholder", block[0]!);
  if (answers.length > 1 || !isEntity(answer)) throw fault(source, line + 1, "an answer, as in @entity1", block[1]!);
  if (!tokens.includes(answer)) throw fault(source, line + 2, `an article with the answer ${answer}`, block[2]!);
  return { id: `${source.part}-${line}`, tokens, question, answer };
}

function isEntity(word: string): boolean {
  return /^@entity\d+$/.test(word);
}

function fault(source: LineSource, line: number, rule: string, found: string): UserError {
  return lineFault(source, line, `must be ${rule}, but is ${JSON.stringify(found.slice(0, 40))}`);
}
