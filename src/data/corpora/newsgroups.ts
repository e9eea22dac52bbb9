import { buffer } from "node:stream/consumers";
import type { Corpus, Example } from "../dataset";
import type { ArchiveEntry } from "../files/archive";
import { corpusInParts, readGroups } from "../files/source";
import { cleanPlain, drawByClass, withinLengths } from "../prepare";

/** Posts about baseball and hockey, prepared as in the paper's code. */
export const newsgroups: Corpus = corpusInParts({
  name: "20news",
  title: "20 Newsgroups, baseball and hockey",
  task: "classification",
  classNames: ["baseball", "hockey"],
  origin:
    "Posts in rec.sport.baseball and rec.sport.hockey, in the version 20news-bydate (qwone.com/~jason/20Newsgroups).",
  licence: "none stated by the distributor",
  citation: "Lang (1995), NewsWeeder: Learning to Filter Netnews, ICML, 331-339",
  published: {
    train: [716, 710],
    test: [151, 183],
    vocabulary: 6515,
    remark:
      "Train and test are the counts of the paper's Table 1; the authors' own statistics have 171/183 in test, their later runs 179/178. The vocabulary is that of those runs, Table 1 prints 8,853.",
  },
  files: [
    {
      url: "http://qwone.com/~jason/20Newsgroups/20news-bydate.tar.gz",
      bytes: 14_464_277,
      sha256: "8f1b2514ca22a5ade8fbb9cfa5727df95fa587f4c87b786e15c759fa66d95610",
    },
  ],
  parts: { archive: ["20news-bydate.tar.gz"] },
  readPart: (archive) => readGroups(archive, postName, counts, readPost),
  // The vocabulary is the words of at least two training posts of any length.
  prepare: ({ archive }) => {
    const written = archive.filter(({ tokens }) => tokens.length > 0);
    const all = drawByClass(written, { test: 0.2, dev: 0.2 }, (part, label) => `20news ${part} ${label}`);
    return withinLengths(all, { above: 6, below: 500 }, 2, (kept) => [
      "The official training and test posts are put together and divided at random, each class by itself, into 64 % train, 16 % dev and 20 % test, as in the paper's code but with a seed of our own.",
      "Runs of characters that are not of words are their last character, as in the paper's code for this corpus.",
      "Headers, footers and quotes of the posts are removed by scikit-learn's rules.",
      `Posts of six words or fewer and of 500 words or more are left out, as in the paper's code; kept are ${kept}.`,
    ]);
  },
});

const postName = /^20news-bydate-(?:train|test)\/(rec\.sport\.(?:baseball|hockey))\/(\d+)$/;

/** How many posts the official archive has of each group in train and test together. */
const counts = { "rec.sport.baseball": 994, "rec.sport.hockey": 999 };

async function readPost(entry: ArchiveEntry, group: keyof typeof counts, number: number): Promise<Example> {
  const tokens = splitAtNonWords(cleanPlain(bodyOf((await buffer(entry.content)).toString("latin1"))));
  return { id: `${group}-${number}`, tokens, label: Object.keys(counts).indexOf(group) };
}

/** What the author of a post wrote: no headers, footer and quotes, by scikit-learn's fetch_20newsgroups. */
export function bodyOf(post: string): string {
  const end = post.indexOf("\n\n");
  const body = end < 0 ? "" : post.slice(end + 2);
  return withoutFooter(body)
    .split("\n")
    .filter((line) => !/writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>/.test(line))
    .join("\n");
}

function withoutFooter(body: string): string {
  const lines = strip(body).split("\n");
  const last = lines.map((line) => /^-*$/.test(strip(line))).lastIndexOf(true);
  return last > 0 ? lines.slice(0, last).join("\n") : body;
}

const whiteSpace = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0";

/** Without what Python's `str.strip` takes for white space at either end. */
function strip(text: string): string {
  const places = text.split("").flatMap((character, place) => (whiteSpace.includes(character) ? [] : [place]));
  return text.slice(places[0] ?? text.length, (places.at(-1) ?? 0) + 1);
}

/** Runs of what is not of words, blanks among it, are their last character, as in the paper's code. */
export function splitAtNonWords(tokens: readonly string[]): string[] {
  const text = tokens.join(" ").replace(/([^\p{L}\p{N}_])+/gu, " $1 ");
  return text.split(" ").filter((word) => word !== "");
}
