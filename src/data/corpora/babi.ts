import { join } from "node:path";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";
import type { Corpus, CorpusFile, PreparedTexts, ReadOptions } from "../corpus";
import type { Example } from "../dataset";
import { readTarGz } from "../files/archive";
import { bytesOf } from "../files/bytes";
import type { LineSource } from "../files/lines";
import { fetchFile, folderOf, inMirror, stateOf } from "../files/source";
import { drawShare } from "../prepare";
import { buildVocabulary } from "../words/text";
import { type Question, readStories, type Story } from "./stories";

const folder = "tasks_1-20_v1-2";
const archive: CorpusFile = {
  url: `http://www.thespermwhale.com/jaseweston/babi/${folder}.tar.gz`,
  bytes: 15_719_851,
  sha256: "0364ebde659f14d11bc21744516c5ec49d3d06cb692733f66680771244998898",
};

interface BabiTask {
  number: 1 | 2 | 3;
  /** How many statements an answer takes. */
  facts: string;
  /** How the names of its files begin. */
  file: string;
  /** Published, with the four special tokens. */
  vocabulary: number;
}

const tasks: readonly BabiTask[] = [
  { number: 1, facts: "one supporting fact", file: "qa1_single-supporting-fact", vocabulary: 24 },
  { number: 2, facts: "two supporting facts", file: "qa2_two-supporting-facts", vocabulary: 38 },
  { number: 3, facts: "three supporting facts", file: "qa3_three-supporting-facts", vocabulary: 39 },
];

const common: Pick<Corpus, "task" | "classNames" | "licence" | "citation" | "cleaning"> = {
  task: "question answering",
  classNames: [],
  licence: "CC BY 3.0",
  citation:
    "Weston et al. (2015), Towards AI-Complete Question Answering: A Set of Prerequisite Toy Tasks, arXiv 1502.05698",
  cleaning: "plain",
};

const shipped = join(projectFolder, "data", "babi");

/** bAbI tasks 1, 2 and 3 in English with 10,000 training questions, prepared as in the paper's code. */
export const babi: readonly Corpus[] = tasks.map((task) => ({
  ...common,
  name: `babi${task.number}`,
  title: `bAbI task ${task.number}`,
  origin: `Made-up stories with questions that take ${task.facts} (bAbI tasks v1.2, English, 10,000 questions).`,
  files: [archive],
  published: { train: [10_000], test: [1000], vocabulary: task.vocabulary },
  state: () => stateOf("babi", [archive], folderOf(findInMirror(task)?.test)),
  read: async (options) => {
    const { train, test, notes } = await readTask(task, options);
    return prepareStories(train, test, notes);
  },
}));

/** The same tasks with 1,000 training questions each, shipped with the project; they need no network. */
export const smallBabi: readonly Corpus[] = tasks.map((task) => ({
  ...common,
  name: `babi${task.number}-small`,
  title: `bAbI task ${task.number}, small`,
  origin: `Made-up stories with questions that take ${task.facts} (bAbI tasks v1.2, English, 1,000 questions).`,
  files: [],
  state: () => ({ kind: "ready", where: shipped }),
  read: async () => {
    const read = (split: string) => readWhole({ path: join(shipped, `${task.file}_${split}.txt.gz`) }, split, 1000);
    return prepareStories(await read("train"), await read("test"), [
      "10 % of train: 1,000 questions instead of 10,000; the test questions are the paper's.",
    ]);
  },
}));

const devShare = 0.15;

/**
 * Makes a corpus from stories: one example a question, whose text is everything told before it.
 *
 * Dev is 15 % of the training stories, drawn with a fixed seed, each with all its questions. Every word of the training
 * texts and questions is a possible answer, as in the paper's code, so the vocabulary is the list of classes.
 *
 * @throws UserError that names the line of an answer that is no word of the training texts
 */
export function prepareStories(train: readonly Story[], test: readonly Story[], notes: string[]): PreparedTexts {
  const { drawn: held, rest } = drawShare(train, devShare, "babi dev");
  const kept = rest.flatMap(({ questions }) => questions);
  const vocabulary = buildVocabulary(kept);
  const labels = new Map(vocabulary.map((word, label) => [word, label]));
  const toExample = ({ id, place, tokens, question, answer }: Question): Example => {
    const label = labels.get(answer);
    if (label !== undefined) return { id, tokens, question, label };
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

interface TaskStories {
  train: Story[];
  test: Story[];
  notes: string[];
}

async function readTask(task: BabiTask, options: ReadOptions): Promise<TaskStories> {
  const found = findInMirror(task);
  if (found === undefined) return readArchive((await fetchFile("babi", archive, options)).path, task.file, options);
  const read = (path: string, name: string, expected: number) => readWhole({ path }, name, expected);
  const test = await read(found.test, "test", 1000);
  const [first, valid] = found.train as [string, string?];
  if (valid === undefined) return { train: await read(first, "train", 10_000), test, notes: [] };
  return { ...joinParts(await read(first, "train", 1000), await read(valid, "valid", 1000)), test };
}

/**
 * Reads the 10,000 training and 1,000 test questions of a task out of the official archive; nothing is unpacked to the disk.
 *
 * @param file how the names of the task's files begin, as in "qa1_single-supporting-fact"
 * @throws UserError if the archive or one of the two files is not as it must be
 */
export async function readArchive(path: string, file: string, options: ReadOptions = {}): Promise<TaskStories> {
  const name = (split: string) => `${folder}/en-10k/${file}_${split}.txt`;
  const wanted = [name("train"), name("test")];
  const files = new Map<string, LineSource>();
  for await (const entry of readTarGz(path, (name) => wanted.includes(name), options))
    files.set(entry.path, { path: `${path}/${entry.path}`, bytes: [await bytesOf(entry)] });
  const [train, test] = wanted.map((name) => files.get(name));
  if (train !== undefined && test !== undefined)
    return { train: await readWhole(train, "train", 10_000), test: await readWhole(test, "test", 1000), notes: [] };
  throw new UserError(`${path} must hold ${wanted.join(" and ")}, but does not; delete it and start again.`);
}

/** The stories of a file that must have so many questions: a file cut between two stories is still well-formed. */
async function readWhole(file: LineSource, name: string, expected: number): Promise<Story[]> {
  const stories = await readStories(file, name);
  const asked = countQuestions(stories);
  if (asked === expected) return stories;
  throw new UserError(
    `${file.path} must have the ${expected} questions of the official file, but has ${asked}; get it anew.`,
  );
}

/** Stories of the small variants of task 3, each once: a part of what the 10,000 training questions are like. */
function joinParts(first: Story[], second: Story[]): Pick<TaskStories, "train" | "notes"> {
  const known = new Set(first.map(({ lines }) => lines.join("\n")));
  const train = [...first, ...second.filter(({ lines }) => !known.has(lines.join("\n")))];
  const asked = countQuestions(train);
  const note = `${Math.round(asked / 100)} % of train: ${asked} questions of the variants en and en-valid-10k instead of 10,000.`;
  return { train, notes: [note] };
}

function countQuestions(stories: readonly Story[]): number {
  return stories.reduce((sum, { questions }) => sum + questions.length, 0);
}

interface TaskFiles {
  /** More than one where the official file is put together from others. */
  train: string[];
  test: string;
}

function findInMirror({ number, file }: BabiTask): TaskFiles | undefined {
  const find = (part: string, name: string) => inMirror("babi", folder, part, name);
  const test = find("en-10k", `${file}_test.txt`);
  const whole = find("en-10k", `${file}_train.txt`);
  if (test === undefined) return undefined;
  if (whole !== undefined) return { train: [whole], test };
  const [part, valid] = [find("en", `${file}_train.txt`), find("en-valid-10k", "qa3_valid.txt")];
  return number === 3 && part !== undefined && valid !== undefined ? { train: [part, valid], test } : undefined;
}
