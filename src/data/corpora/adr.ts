import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Corpus, CorpusState, PreparedTexts, ReadOptions } from "../dataset";
import { lineFault, readLines } from "../files/lines";
import { cleanPlain, drawByClass, mapSplits, withinLengths } from "../prepare";
import { requireOwn } from "../restricted";

/** Tweets that tell of an adverse drug reaction or not, from the user's own copy. */
export const adr: Corpus = {
  name: "adr",
  title: "ADR tweets",
  task: "classification",
  classNames: ["no reaction", "adverse drug reaction"],
  origin: "Tweets that name a drug, labelled by whether they tell of an adverse reaction to it.",
  licence: "Twitter's terms: neither tweets nor annotations may be passed on",
  citation:
    "Sarker, Gonzalez (2015), Portable automatic text classification for adverse drug reaction detection via multi-corpus training, Journal of Biomedical Informatics 53, 196-207",
  restricted: true,
  published: { train: [14_446, 1939], test: [3636, 487], vocabulary: 6845 },
  state: stateOfAdr,
  read: async (options) => prepareTweets(await readTweets(requireOwn(stateOfAdr()), options)),
};

function stateOfAdr(): CorpusState {
  const path = process.env.ATTENTION_ADR;
  if (path && existsSync(path)) return { kind: "ready", where: resolve(path) };
  const how =
    "get the ids and the download script of the binary Twitter corpus at http://diego.asu.edu/downloads/twitter_annotated_corpus/ (or of the SMM4H 2017 task 1), and name the file of tweets that the script writes in ATTENTION_ADR";
  return { kind: "needs your file", how };
}

/**
 * Tweets as the distributor's script writes them, or with headings, and how many were deleted before they could be
 * downloaded; errors have the line, not what it says.
 */
export async function readTweets(path: string, options: ReadOptions = {}) {
  const tweets: { tokens: string[]; label: number }[] = [];
  let unavailable = 0;
  let headings: string[] | undefined;
  for await (const { line, text: row } of readLines({ path, ...options })) {
    if (row === "") continue;
    const cells = row.split("\t");
    const isFirst = headings === undefined;
    headings ??= cells.map((cell) => cell.trim().toLowerCase());
    const labelColumn = headings.findIndex((name) => name === "label" || name === "class");
    const textColumn = headings.findIndex((name) => name === "text" || name === "tweet");
    const isNamed = labelColumn >= 0 && textColumn >= 0;
    if (isNamed && isFirst) continue;
    const labelAt = isNamed ? labelColumn : cells.findIndex((cell) => cell === "0" || cell === "1");
    const label = cells[labelAt];
    if (label !== "0" && label !== "1") throw lineFault({ path }, line, "must have the label 0 or 1, but has none");
    const text = (isNamed ? cells[textColumn] : cells.slice(labelAt + 1).at(-1)) ?? "";
    const tokens = cleanPlain(text);
    if (tokens.length === 0 || text.trim().toLowerCase() === "not available") unavailable += 1;
    else tweets.push({ tokens, label: Number(label) });
  }
  return { tweets, unavailable };
}

/** Draws 20 % of each class as test and 15 % of the rest as dev, both with a fixed seed. */
export function prepareTweets({ tweets, unavailable }: Awaited<ReturnType<typeof readTweets>>): PreparedTexts {
  const drawn = drawByClass(tweets, { test: 0.2, dev: 0.15 }, (part, label) => `adr ${part} ${label}`);
  const all = mapSplits((split) => drawn[split].map((tweet, index) => ({ id: `${split}-${index + 1}`, ...tweet })));
  return withinLengths(all, { above: 5, below: 100 }, 2, (kept) => [
    "The paper's split is not published: test is 20 % of each class and dev 15 % of the rest, drawn by a fixed seed.",
    ...(unavailable > 0 ? [`${unavailable} tweets had been deleted when they were downloaded.`] : []),
    `Tweets of five words or fewer, and of 100 or more, are left out, as in the paper's code; kept are ${kept}.`,
    "Words of one training tweet only are unknown words, as in the paper's code.",
  ]);
}
