import type { Corpus, Example, PreparedTexts } from "../dataset";
import { lineFault } from "../files/lines";
import { corpusInParts, type PartSource } from "../files/source";
import { readTable } from "../files/table";
import { cleanPlain, drawShare, withinLengths } from "../prepare";

const distribution = "https://raw.githubusercontent.com/mhjabreel/CharCnn_Keras/master/data/ag_news_csv";

type Part = "train" | "test";

/** News of the world and of business, prepared as in the paper's code. */
export const agnews: Corpus = corpusInParts({
  name: "agnews",
  title: "AG's news topics, World and Business",
  task: "classification",
  classNames: ["world", "business"],
  origin: "Descriptions of news articles from AG's corpus of more than 2,000 sources, as chosen by Zhang et al.",
  licence: "for research and other non-commercial use",
  citation: "Zhang, Zhao, LeCun (2015), Character-level Convolutional Networks for Text Classification, NIPS, 649-657",
  published: {
    train: [29_999, 29_999],
    test: [1900, 1898],
    vocabulary: 13_715,
    remark:
      "The published counts of train are those of train and dev together, from before the authors' code had a dev split; the paper's Table 1 prints 30,000/30,000, 1,900/1,900 and 14,752 words.",
  },
  files: [
    {
      url: `${distribution}/train.csv`,
      bytes: 29_470_338,
      sha256: "76a0a2d2f92b286371fe4d4044640910a04a803fdd2538e0f3f29a5c6f6b672e",
    },
    {
      url: `${distribution}/test.csv`,
      bytes: 1_857_427,
      sha256: "521465c2428ed7f02f8d6db6ffdd4b5447c1c701962353eb2c40d548c3c85699",
    },
  ],
  // Of train a part of the rows is taken where that is all there is.
  parts: { train: ["train.csv", "train_partial.csv"], test: ["test.csv"] },
  readPart: readDescriptions,
  prepare: prepareNews,
});

/** Rows of class, title and description, without headings; only World and Business are kept, and the description. */
export async function readDescriptions(source: PartSource<Part>): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const { line, cells } of readTable(source, ",")) {
    const [number = "", , description] = cells;
    if (cells.length !== 3 || description === undefined || !/^[1-4]$/.test(number))
      throw lineFault(source, line, "must be a class from 1 to 4, a title and a description, but is not");
    // The official numbers of the two classes, of World, Sports, Business and Sci/Tech, in the order of ours.
    const label = ["1", "3"].indexOf(number);
    if (label >= 0) examples.push({ id: `${source.part}-${line}`, tokens: cleanPlain(description), label });
  }
  return examples;
}

/** Prepares the descriptions as the paper's code does. The vocabulary is the words of at least five training texts of any length. */
export function prepareNews({ train: rows, test }: Record<Part, Example[]>): PreparedTexts {
  const { drawn: dev, rest: train } = drawShare(rows, 0.15, "agnews dev");
  const all = { train, dev, test };
  return withinLengths(all, {}, 5, (kept) => [
    ...partNote("train", rows.length, 60_000),
    ...partNote("test", test.length, 3800),
    "Only World and Business and of their articles only the description is read; dev is a random 15 % of train, as in the paper's code but with a seed of our own.",
    `The shortest and the longest of each split are left out, as in the paper's code; kept are ${kept}.`,
  ]);
}

function partNote(part: Part, count: number, official: number): string[] {
  if (count === official) return [];
  const percent = Math.round((100 * count) / official);
  return [
    `${percent} % of ${part}: ${count.toLocaleString("en")} of the ${official.toLocaleString("en")} official rows of World and Business, so counts and vocabulary are not the published ones.`,
  ];
}
