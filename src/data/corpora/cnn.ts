import { UserError } from "../../errors";
import { type Corpus, type Example, type PreparedTexts, type Split, splits } from "../dataset";
import { lineFault, readLines } from "../files/lines";
import { corpusInParts, type PartSource } from "../files/source";
import { buildVocabulary, mapSplits, shareWord } from "../prepare";

/**
 * CNN news questions in the form of Chen et al. (2016), which the paper uses: names are replaced by @entity1, @entity2 and
 * so on, and the question lacks one of them.
 *
 * All of train is 290 million words in plain arrays and takes about 2.6 GB of memory: start Node with
 * `NODE_OPTIONS=--max-old-space-size=6144`.
 */
export const cnn: Corpus = corpusInParts({
  name: "cnn",
  title: "CNN news questions",
  task: "question answering",
  classNames: [],
  origin: "News articles of CNN, with a question for each sentence of their summaries; names are replaced by numbers.",
  licence: "none stated by the distributors",
  citation:
    "Hermann et al. (2015), Teaching Machines to Read and Comprehend, NIPS; prepared by Chen et al. (2016), A Thorough Examination of the CNN/Daily Mail Reading Comprehension Task, ACL, 2358-2367",
  published: { train: [380_298], test: [3198], vocabulary: 70_190 },
  files: [{ url: "http://cs.stanford.edu/~danqi/data/cnn.tar.gz", bytes: 546_000_000 }],
  parts: mapSplits((split) => [`${split}.txt`]),
  readPart: readNews,
  prepare: prepareNews,
});

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
  const questions: NewsQuestion[] = [];
  let [question, answer, last]: [string[], string, number] = [[], "", 0];
  for await (const { line, text } of readLines(source)) {
    const words = text.trim().toLowerCase().split(/\s+/).map(shareWord);
    const check = (rule: string, isKept: boolean) => {
      if (!isKept) throw lineFault(source, line, `must be ${rule}, but is ${JSON.stringify(text.slice(0, 40))}`);
    };
    const place = line % 4;
    if (place === 1) {
      check("a question with @placeholder", words.includes("@placeholder"));
      question = words;
    } else if (place === 2) {
      check("an answer, as in @entity1", words.length === 1 && isEntity(words[0]!));
      answer = words[0]!;
    } else if (place === 3) {
      check(`an article with the answer ${answer}`, words.includes(answer));
      questions.push({ id: `${source.part}-${line - 2}`, tokens: words, question, answer });
    } else check("empty after three lines of a question", text.trim() === "");
    last = line;
  }
  if (last % 4 === 1 || last % 4 === 2)
    throw new UserError(`${source.path} is truncated: it ends at line ${last} within a question; get the file anew.`);
  if (last === 0) throw new UserError(`${source.path} must hold questions, but is empty; get the file anew.`);
  return questions;
}

function isEntity(word: string): boolean {
  return /^@entity\d+$/.test(word);
}
