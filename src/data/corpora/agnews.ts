import { UserError } from "../../errors";
import type { Corpus, CorpusFile, PreparedTexts, ReadOptions } from "../corpus";
import type { Example } from "../dataset";
import { readBytes } from "../files/archive";
import { fileSha256 } from "../files/download";
import { fetchFile, folderOf, inMirror, stateOf } from "../files/source";
import { readTable } from "../files/table";
import { drawShare, filterByLength, keptOf, mapSplits } from "../prepare";
import { keepPrepared } from "../prepared";
import { createSharedWords } from "../words/sharedWords";
import { buildVocabulary, cleanPlain } from "../words/text";

const distribution = "https://raw.githubusercontent.com/mhjabreel/CharCnn_Keras/master/data/ag_news_csv";

const trainFile: CorpusFile = {
  url: `${distribution}/train.csv`,
  bytes: 29_470_338,
  sha256: "76a0a2d2f92b286371fe4d4044640910a04a803fdd2538e0f3f29a5c6f6b672e",
};

const testFile: CorpusFile = {
  url: `${distribution}/test.csv`,
  bytes: 1_857_427,
  sha256: "521465c2428ed7f02f8d6db6ffdd4b5447c1c701962353eb2c40d548c3c85699",
};

/** News of the world and of business, prepared as in the paper's code. */
export const agnews: Corpus = {
  name: "agnews",
  title: "AG's news topics, World and Business",
  task: "classification",
  classNames: ["world", "business"],
  origin: "Descriptions of news articles from AG's corpus of more than 2,000 sources, as chosen by Zhang et al.",
  licence: "for research and other non-commercial use",
  citation: "Zhang, Zhao, LeCun (2015), Character-level Convolutional Networks for Text Classification, NIPS, 649-657",
  cleaning: "plain",
  files: [trainFile, testFile],
  published: {
    train: [29_999, 29_999],
    test: [1900, 1898],
    vocabulary: 13_715,
    remark:
      "The published counts of train are those of train and dev together, from before the authors' code had a dev split; the paper's Table 1 prints 30,000/30,000, 1,900/1,900 and 14,752 words.",
  },
  state: () => stateOf("agnews", [trainFile, testFile], folderOf(findInMirror()?.train)),
  read: async (options) => {
    const { train, test } = findInMirror() ?? (await fetchBoth(options));
    const sources = [await fileSha256(train), await fileSha256(test)];
    return keepPrepared({ corpus: "agnews", version: 1, sources }, async () => {
      const rows = await readDescriptions(train, "train", options);
      return prepareNews(rows, await readDescriptions(test, "test", options));
    });
  },
};

/** The two files in the mirror; of train a part of the rows is taken where that is all there is. */
function findInMirror(): { train: string; test: string } | undefined {
  const train = inMirror("agnews", "train.csv") ?? inMirror("agnews", "train_partial.csv");
  const test = inMirror("agnews", "test.csv");
  return train !== undefined && test !== undefined ? { train, test } : undefined;
}

async function fetchBoth(options: ReadOptions): Promise<{ train: string; test: string }> {
  const [train, test] = [await fetchFile("agnews", trainFile, options), await fetchFile("agnews", testFile, options)];
  return { train: train.path, test: test.path };
}

/** The official numbers of the classes (World, Sports, Business, Sci/Tech) and ours; undefined is left out. */
const labels = new Map([
  ["1", 0],
  ["2", undefined],
  ["3", 1],
  ["4", undefined],
]);

/**
 * Reads rows of class, title and description, without headings; only World and Business are kept, and of them only the
 * description.
 *
 * @throws UserError that names the file and the line, if a row is not so
 */
export async function readDescriptions(
  path: string,
  split: "train" | "test",
  options: ReadOptions = {},
): Promise<Example[]> {
  const share = createSharedWords();
  const examples: Example[] = [];
  for await (const { line, cells } of readTable({ path, bytes: readBytes(path, options) }, ",")) {
    const [number = "", , description] = cells;
    if (cells.length !== 3 || description === undefined || !labels.has(number))
      throw new UserError(
        `Line ${line} of ${path} must be a class from 1 to 4, a title and a description, but is not; get the file anew.`,
      );
    const label = labels.get(number);
    if (label !== undefined)
      examples.push({ id: `${split}-${line}`, tokens: cleanPlain(description).map(share), label });
  }
  return examples;
}

const official = { train: 60_000, test: 3800 };

/**
 * Prepares the descriptions as the paper's code does: 15 % of train become dev, the shortest and the longest of each split
 * are left out. The vocabulary is the words that at least five training texts have, before that.
 */
export function prepareNews(rows: Example[], test: Example[]): PreparedTexts {
  const { drawn: dev, rest: train } = drawShare(rows, 0.15, "agnews dev");
  const all = { train, dev, test };
  const kept = mapSplits((split) => filterByLength(all[split], {}));
  return {
    ...kept,
    vocabulary: buildVocabulary(train, { minDocuments: 5 }),
    notes: [
      ...partNote("train", rows.length),
      ...partNote("test", test.length),
      "Only World and Business and of their articles only the description is read; dev is a random 15 % of train, as in the paper's code but with a seed of our own.",
      `The shortest and the longest of each split are left out, as in the paper's code; kept are ${keptOf(kept, all)}.`,
    ],
  };
}

function partNote(split: "train" | "test", count: number): string[] {
  if (count === official[split]) return [];
  const percent = Math.round((100 * count) / official[split]);
  return [
    `${percent} % of ${split}: ${count.toLocaleString("en")} of the ${official[split].toLocaleString("en")} official rows of World and Business, so counts and vocabulary are not the published ones.`,
  ];
}
