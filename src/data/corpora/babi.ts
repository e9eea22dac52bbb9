import { join } from "node:path";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";
import type { Corpus, CorpusFile, Example, PreparedTexts } from "../dataset";
import { type LineSource, lineFault, readLines } from "../files/lines";
import { checkCount, corpusInParts, type PartSource } from "../files/source";
import { buildVocabulary, drawShare } from "../prepare";

const folder = "tasks_1-20_v1-2";
const archive: CorpusFile = {
  url: `http://www.thespermwhale.com/jaseweston/babi/${folder}.tar.gz`,
  bytes: 15_719_851,
  sha256: "0364ebde659f14d11bc21744516c5ec49d3d06cb692733f66680771244998898",
};

/** The number of a task, how many statements an answer takes, how its files begin, and its published vocabulary. */
const tasks = [
  { number: 1, facts: "one supporting fact", file: "qa1_single-supporting-fact", vocabulary: 24 },
  { number: 2, facts: "two supporting facts", file: "qa2_two-supporting-facts", vocabulary: 38 },
  { number: 3, facts: "three supporting facts", file: "qa3_three-supporting-facts", vocabulary: 39 },
];

const common: Pick<Corpus, "task" | "classNames" | "licence" | "citation"> = {
  task: "question answering",
  classNames: [],
  licence: "CC BY 3.0",
  citation:
    "Weston et al. (2015), Towards AI-Complete Question Answering: A Set of Prerequisite Toy Tasks, arXiv 1502.05698",
};

/** bAbI tasks 1, 2 and 3 in English with 10,000 training questions, prepared as in the paper's code. */
export const babi: readonly Corpus[] = tasks.map(({ number, facts, file, vocabulary }) => {
  const test = [`en-10k/${file}_test.txt`];
  // Of task 3 the mirror may lack the training file.
  const pieces = { test, train: [`en/${file}_train.txt`], valid: ["en-valid-10k/qa3_valid.txt"] };
  return corpusInParts<string, Story[]>({
    ...common,
    name: `babi${number}`,
    title: `bAbI task ${number}`,
    origin: `Made-up stories with questions that take ${facts} (bAbI tasks v1.2, English, 10,000 questions).`,
    files: [archive],
    published: { train: [10_000], test: [1000], vocabulary },
    folder: `babi/${folder}`,
    parts: { train: [`en-10k/${file}_train.txt`], test },
    ...(number === 3 && { pieces }),
    readPart: readOfficial,
    prepare: ({ train = [], valid, test = [] }) => {
      if (valid === undefined) return prepareStories(train, test, []);
      const known = new Set(train.map(({ lines }) => lines.join("\n")));
      // Of the small variants each story once: a part of what the 10,000 training questions are like.
      const all = [...train, ...valid.filter(({ lines }) => !known.has(lines.join("\n")))];
      const asked = countQuestions(all);
      const note = `${Math.round(asked / 100)} % of train: ${asked} questions of the variants en and en-valid-10k instead of 10,000.`;
      return prepareStories(all, test, [note]);
    },
  });
});

/** The same tasks with 1,000 training questions each, shipped with the project; they need no network. */
export const smallBabi: readonly Corpus[] = tasks.map(({ number, facts, file }) =>
  corpusInParts<"train" | "test", Story[]>({
    ...common,
    name: `babi${number}-small`,
    title: `bAbI task ${number}, small`,
    origin: `Made-up stories with questions that take ${facts} (bAbI tasks v1.2, English, 1,000 questions).`,
    folder: join(projectFolder, "data", "babi"),
    parts: { train: [`${file}_train.txt.gz`], test: [`${file}_test.txt.gz`] },
    readPart: readOfficial,
    prepare: ({ train, test }) =>
      prepareStories(train, test, [
        "10 % of train: 1,000 questions instead of 10,000; the test questions are the paper's.",
      ]),
  }),
);

/** One example a question, whose text is all told before it; every word of train is a possible answer. */
export function prepareStories(train: readonly Story[], test: readonly Story[], notes: string[]): PreparedTexts {
  const { drawn: held, rest } = drawShare(train, 0.15, "babi dev");
  const kept = rest.flatMap(({ questions }) => questions);
  const vocabulary = buildVocabulary(kept);
  const labels = new Map(vocabulary.map((word, label) => [word, label]));
  const toExample = ({ place, answer, ...example }: Question): Example => {
    const label = labels.get(answer);
    if (label !== undefined) return { ...example, label };
    throw new UserError(
      `The answer in ${place} must be a word of the training texts, but ${JSON.stringify(answer)} is none; get the file anew.`,
    );
  };
  const toExamples = (stories: readonly Story[]) => stories.flatMap(({ questions }) => questions.map(toExample));
  const splits = { train: kept.map(toExample), dev: toExamples(held), test: toExamples(test) };
  const asked = splits.train.length + splits.dev.length;
  return {
    ...splits,
    vocabulary,
    classNames: vocabulary,
    notes: [
      ...notes,
      `Dev is ${splits.dev.length} of the ${asked} training questions: whole stories, 15 % of them.`,
      "Every word of the training texts is a possible answer, as in the paper's code.",
    ],
  };
}

/** Reads the stories of a part and counts their questions: a file that is cut is still well-formed. */
export async function readOfficial(file: PartSource<string>): Promise<Story[]> {
  const stories = await readStories(file, file.part);
  const official = /\ben-10k\/[^/]*_train/.test(file.path) ? 10_000 : 1000;
  checkCount(file.path, "questions", countQuestions(stories), official);
  return stories;
}

function countQuestions(stories: readonly Story[]): number {
  return stories.reduce((sum, { questions }) => sum + questions.length, 0);
}

/** A question; its text is all that was told before it, with a full stop between two statements and none at the end. */
type Question = Omit<Example, "label"> & { place: string; answer: string };

/** A story of the bAbI tasks: statements and questions whose numbers count from 1. */
export interface Story {
  lines: string[];
  questions: Question[];
}

/**
 * Reads the stories of a file (Weston et al. 2015): a numbered statement a line, or a question with its answer behind tabs;
 * the number 1 begins a new story. Lower-cased and without numbers the lengths and vocabularies are the paper's.
 * @param name what the ids of the questions begin with
 */
export async function readStories(source: LineSource, name: string): Promise<Story[]> {
  const stories: Story[] = [];
  let told: string[] = [];
  for await (const { line, text } of readLines(source)) {
    const { number, words, answer } = readLine(source, line, text);
    const next = (stories.at(-1)?.lines.length ?? 0) + 1;
    if (number === 1) {
      stories.push({ lines: [], questions: [] });
      told = [];
    } else if (number !== next)
      throw lineFault(source, line, `must have the number ${next}, or 1 for a new story, but has ${number}`);
    const { lines, questions } = stories.at(-1)!;
    lines.push(text);
    const place = `Line ${line} of ${source.path}`;
    if (answer === undefined) told = told.length === 0 ? words : [...told, ".", ...words];
    else if (told.length > 0) questions.push({ id: `${name}-${line}`, place, tokens: told, question: words, answer });
    else throw lineFault(source, line, "asks before anything was told");
  }
  return stories;
}

const linePattern =
  /^(?<number>[1-9]\d*) (?:(?<statement>[\w ]+)\.|(?<question>[\w ]+)\? *\t(?<answer>\w+)\t\d+(?: \d+)*)$/;

function readLine(source: LineSource, line: number, text: string) {
  const { number, statement, question, answer } = linePattern.exec(text)?.groups ?? {};
  const words = (statement ?? question)?.toLowerCase().trim().split(/ +/);
  if (words !== undefined) return { number: Number(number), words, answer: answer?.toLowerCase() };
  const rule =
    "a number and a statement with a full stop, or a number and a question with its answer and its supporting facts behind tabs";
  throw lineFault(source, line, `must be ${rule}, but is ${JSON.stringify(text.slice(0, 60))}`);
}
