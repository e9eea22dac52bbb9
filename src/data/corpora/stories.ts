import { UserError } from "../../errors";
import type { Example } from "../dataset";
import { type LineSource, lineFault, readLines } from "../files/lines";

/**
 * A question of a bAbI story. Its text is all that was told before it, with a full stop between two statements and none at
 * the end; question marks are left out.
 */
export interface Question extends Omit<Example, "label"> {
  /** The line and the file, for messages. */
  place: string;
  answer: string;
}

/** A story of the bAbI tasks: statements and questions whose numbers count from 1. */
export interface Story {
  /** Its lines as they stand in the file. */
  lines: string[];
  questions: Question[];
}

/**
 * Reads the stories of one file of the bAbI tasks (Weston et al. 2015): a numbered statement a line, or a numbered
 * question with its answer and its supporting facts behind tabs; the number 1 begins a new story.
 *
 * Words are lower-cased; line numbers and supporting facts are dropped: only so do the lengths and vocabularies come out
 * that the paper and its code print.
 *
 * @param name what the ids of the questions begin with
 * @throws UserError that names the file and the line, if a line is not so, a number does not follow, a story ends
 *   without a question or there is none
 */
export async function readStories(source: LineSource, name: string): Promise<Story[]> {
  const { path } = source;
  const stories: Story[] = [];
  let told: string[] = [];
  let last = 0;
  const checkEnd = () => {
    if (stories.length > 0 && !stories.at(-1)!.lines.at(-1)!.includes("\t"))
      throw lineFault(source, last, "ends a story without a question; the file is not whole");
  };
  for await (const { line, text } of readLines(source)) {
    const { number, words, answer } = readLine(source, line, text);
    const next = (stories.at(-1)?.lines.length ?? 0) + 1;
    if (number === 1) {
      checkEnd();
      stories.push({ lines: [], questions: [] });
      told = [];
    } else if (number !== next)
      throw lineFault(source, line, `must have the number ${next}, or 1 for a new story, but has ${number}`);
    const { lines, questions } = stories.at(-1)!;
    lines.push(text);
    last = line;
    const place = `Line ${line} of ${path}`;
    if (answer === undefined) told = told.length === 0 ? words : [...told, ".", ...words];
    else if (told.length > 0) questions.push({ id: `${name}-${line}`, place, tokens: told, question: words, answer });
    else throw lineFault(source, line, "asks before anything was told");
  }
  checkEnd();
  if (stories.length === 0) throw new UserError(`${path} must hold stories, but is empty; get the file anew.`);
  return stories;
}

const linePattern =
  /^(?<number>[1-9]\d*) (?:(?<statement>[\w ]+)\.|(?<question>[\w ]+)\? *\t(?<answer>\w+)\t\d+(?: \d+)*)$/;

function readLine(
  source: LineSource,
  line: number,
  text: string,
): { number: number; words: string[]; answer?: string } {
  const { number, statement, question, answer } = linePattern.exec(text)?.groups ?? {};
  const words = (statement ?? question)?.toLowerCase().trim().split(/ +/);
  if (words !== undefined) return { number: Number(number), words, answer: answer?.toLowerCase() };
  const rule =
    "a number and a statement with a full stop, or a number and a question with its answer and its supporting facts behind tabs";
  throw lineFault(source, line, `must be ${rule}, but is ${JSON.stringify(text.slice(0, 60))}`);
}
