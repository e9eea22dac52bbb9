import { type Dataset, type Example, splits } from "../../data/dataset";
import { duration } from "../../notebook/progress";
import { quantile } from "../../stats/summary";
import type { ModelConfig } from "../../study/config";
import { planStudy, type StudyJob, workOf } from "../../study/makeStudy";

/** What a configuration would read and take, in lines, without training or writing; no texts that may not be shown. */
export async function describePlan(job: StudyJob): Promise<string[]> {
  const { dataset, examples, identity } = await planStudy(job);
  const { train, dev, test, vocabulary, notes } = dataset;
  const { wordVectors, config } = identity.model;
  const lengths = [...train, ...dev, ...test].map(({ tokens }) => tokens.length);
  const known = new Set(vocabulary);
  const words = test.flatMap(({ tokens }) => tokens);
  const unknown = (100 * words.filter((word) => !known.has(word)).length) / words.length;
  const vectors = wordVectors
    ? `, ${wordVectors.found.toLocaleString("en")} of them with a vector in ${wordVectors.source}`
    : "";
  return [
    ...notes,
    ...(dataset.restricted ? [] : tenTexts(dataset)),
    ...classTable(dataset),
    `Words a text: ${quantile(lengths, 0)} to ${quantile(lengths, 1)}, half of them up to ${quantile(lengths, 0.5)}.`,
    `Vocabulary: ${vocabulary.length.toLocaleString("en")} words${vectors}; ${unknown.toFixed(1)} % of the words of the test texts are unknown.`,
    `Analysed: ${examples.length.toLocaleString("en")} of ${test.length.toLocaleString("en")} test texts.`,
    `It takes about ${duration(1000 * secondsOf(train, examples, config))} and ${megabytesOf(dataset, config).toLocaleString("en")} MB of memory, as measured with a BiLSTM on two cores.`,
  ];
}

/** Texts from all over the training split, each with its class. */
function tenTexts({ train, classNames }: Dataset): string[] {
  const step = Math.max(1, Math.floor(train.length / 10));
  const some = train.filter((_, index) => index % step === 0).slice(0, 10);
  return some.map(({ tokens, question = [], label }) => {
    const text = [...tokens, ...(question.length > 0 ? ["|", ...question] : [])].join(" ");
    return `  ${cut(classNames[label]!, 20)}: ${cut(text, 90)}`;
  });
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** How many texts each part has of each class, but of the many possible answers to questions. */
function classTable({ task, classNames, train, dev, test }: Dataset): string[] {
  const parts = [train, dev, test];
  const line = (name: string, cells: readonly (string | number)[]) =>
    `  ${cut(name, 20).padEnd(20)}${cells.map((cell) => cell.toLocaleString("en").padStart(10)).join("")}`;
  const ofClass = (label: number) => parts.map((part) => part.filter((example) => example.label === label).length);
  const classes = task === "question answering" ? [] : classNames.map((name, label) => line(name, ofClass(label)));
  const all = parts.map(({ length }) => length);
  return [line("", splits), ...classes, line("all", all)];
}

/** Measured: the start, a word that is learnt from once, and a unit of the work of the analyses with their controls. */
const seconds = { start: 10, word: 6e-5, work: 1e-5 };

function secondsOf(train: readonly Example[], analysed: readonly Example[], { epochs }: ModelConfig): number {
  const words = train.reduce((sum, { tokens, question = [] }) => sum + tokens.length + question.length, 0);
  return seconds.start + epochs * words * seconds.word + workOf(analysed) * seconds.work;
}

/** The process, 27 bytes a word, and a number for each entry of a word's vector with four of its optimiser. */
function megabytesOf({ train, dev, test, vocabulary }: Dataset, { embeddingSize }: ModelConfig): number {
  const words = [...train, ...dev, ...test].reduce((sum, { tokens }) => sum + tokens.length, 0);
  return Math.ceil((400e6 + 27 * words + 20 * embeddingSize * vocabulary.length) / 1e8) * 100;
}
