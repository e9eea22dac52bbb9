import { UserError } from "../../errors";
import { type LineSource, readLines } from "../files/lines";

/** A question about a news article in which names are @entity1, @entity2 and so on. */
export interface NewsQuestion {
  /** Line of the question in the file, from 1. */
  line: number;
  /** The words of the article. */
  tokens: string[];
  /** The words of the question; @placeholder stands for the answer. */
  question: string[];
  /** One of the entities of the article. */
  answer: string;
}

/**
 * Reads a file of questions in the form of Chen et al. (2016, github.com/danqi/rc-cnn-dailymail): a line each for the
 * question, its answer and the article, with blanks between words, then an empty line.
 *
 * Words are lower-cased, as there. Only one question is held in memory.
 *
 * @param share gives equal words one string
 * @throws UserError that names the file and the line, if a line is not so or the file ends within a question
 */
export async function* readNews(source: LineSource, share: (word: string) => string): AsyncGenerator<NewsQuestion> {
  const { path } = source;
  let count = 0;
  let block: string[] = [];
  for await (const { line, text } of readLines(source)) {
    count = line;
    block.push(text);
    if (block.length === 3) yield parseQuestion(block, count - 2, path, share);
    if (block.length < 4) continue;
    if (text.trim() !== "") throw fault(`Line ${count} of ${path} must be empty after three lines of a question`, text);
    block = [];
  }
  if (block.length === 1 || block.length === 2)
    throw new UserError(`${path} is truncated: it ends at line ${count} within a question; get the file anew.`);
  if (count === 0) throw new UserError(`${path} must hold questions, but is empty; get the file anew.`);
}

function parseQuestion(block: string[], line: number, path: string, share: (word: string) => string): NewsQuestion {
  const words = block.map((text) => text.trim().toLowerCase().split(/\s+/));
  const [question, answers, tokens] = words.map((part) => part.map(share)) as [string[], string[], string[]];
  const answer = answers[0]!;
  if (!question.includes("@placeholder"))
    throw fault(`Line ${line} of ${path} must be a question with @placeholder`, block[0]!);
  if (answers.length > 1 || !isEntity(answer))
    throw fault(`Line ${line + 1} of ${path} must be an answer, as in @entity1`, block[1]!);
  if (!tokens.includes(answer))
    throw fault(`Line ${line + 2} of ${path} must be an article with the answer ${answer}`, block[2]!);
  return { line, tokens, question, answer };
}

/** Whether a word stands for a name. */
export function isEntity(word: string): boolean {
  return /^@entity\d+$/.test(word);
}

function fault(rule: string, found: string): UserError {
  return new UserError(`${rule}, but is ${JSON.stringify(found.slice(0, 40))}; get the file anew.`);
}
