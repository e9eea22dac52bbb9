import { UserError } from "../../errors";
import { type LineSource, readLines } from "../files/lines";

/** One sentence of a sentiment treebank. */
export interface Tree {
  /** Sentiment of the whole sentence: 0 very negative, 1, 2 neutral, 3, 4 very positive. */
  label: number;
  /** Its words as the treebank writes them, as in "-LRB-" or "n't". */
  words: string[];
  /** Line in the file, from 1. */
  line: number;
}

/**
 * Reads trees in the bracketed form of the Penn Treebank, one a line: `(3 (2 A) (3 (3 good) (2 film)))`.
 *
 * Only the label of the whole sentence and the words are kept. A word may hold a non-breaking space, as in "2 1\/2".
 *
 * @throws UserError that names the file and the line, if a tree is not one or a label is not 0 to 4, or if there are none
 */
export async function readTrees(source: LineSource): Promise<Tree[]> {
  const { path } = source;
  const trees: Tree[] = [];
  for await (const { line, text } of readLines(source)) if (text.trim() !== "") trees.push(readTree(text, path, line));
  if (trees.length === 0) throw new UserError(`${path} must have one tree a line, but it has none; get the file anew.`);
  return trees;
}

type Piece = "nothing" | "open" | "label" | "word" | "close";

/** What each piece of a tree may follow. */
const mayFollow: Record<Exclude<Piece, "nothing">, readonly Piece[]> = {
  open: ["nothing", "label", "close"],
  label: ["open"],
  word: ["label"],
  close: ["word", "close"],
};

function readTree(content: string, path: string, line: number): Tree {
  const words: string[] = [];
  const labels: number[] = [];
  let depth = 0;
  let previous: Piece = "nothing";
  for (const token of content.match(/[()]|[^() \t\r]+/g) ?? []) {
    const piece = pieceOf(token, previous);
    if (!mayFollow[piece].includes(previous) || (depth === 0 && previous !== "nothing"))
      throw broken(
        path,
        line,
        `there is an unexpected ${JSON.stringify(token.slice(0, 20))} after ${labels.length} labels`,
      );
    if (piece === "open") depth += 1;
    else if (piece === "close") depth -= 1;
    else if (piece === "word") words.push(token);
    else labels.push(readLabel(token, path, line));
    previous = piece;
  }
  if (depth > 0) throw broken(path, line, `${depth} brackets are not closed`);
  return { label: labels[0]!, words, line };
}

function pieceOf(token: string, previous: Piece): Exclude<Piece, "nothing"> {
  if (token === "(") return "open";
  if (token === ")") return "close";
  return previous === "open" ? "label" : "word";
}

function readLabel(token: string, path: string, line: number): number {
  if (/^[0-4]$/.test(token)) return Number(token);
  throw broken(path, line, `a label must be 0, 1, 2, 3 or 4, but ${JSON.stringify(token.slice(0, 20))} stands there`);
}

function broken(path: string, line: number, what: string): UserError {
  return new UserError(
    `Line ${line} of ${path} is not a whole tree like "(3 (2 A) (3 film))": ${what}; get the file anew.`,
  );
}
