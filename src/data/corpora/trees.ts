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

function readTree(content: string, path: string, line: number): Tree {
  const tokens = content.match(/[()]|[^() \t\r]+/g) ?? [];
  const words: string[] = [];
  let at = 0;
  const fault = (what: string) =>
    new UserError(`Line ${line} of ${path} is not a whole tree like "(3 (2 A) (3 film))": ${what}; get the file anew.`);
  const expect = (fits: boolean) => {
    const token = tokens[at];
    if (token === undefined) throw fault("a bracket is not closed");
    if (!fits) throw fault(`there is an unexpected ${JSON.stringify(token.slice(0, 20))} after ${words.length} words`);
    at += 1;
    return token;
  };
  /** The label of the tree that begins here. */
  const readNode = (depth: number): number => {
    expect(tokens[at] === "(" && depth < 1000);
    const label = expect(!/[()]/.test(tokens[at] ?? "("));
    if (!/^[0-4]$/.test(label))
      throw fault(`a label must be 0, 1, 2, 3 or 4, but ${JSON.stringify(label.slice(0, 20))} stands there`);
    if (tokens[at] === "(") while (tokens[at] === "(") readNode(depth + 1);
    else words.push(expect(tokens[at] !== ")"));
    expect(tokens[at] === ")");
    return Number(label);
  };
  const label = readNode(0);
  if (at < tokens.length) expect(false);
  return { label, words, line };
}
