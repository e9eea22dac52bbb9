import type { Corpus, Example, PreparedTexts, Split } from "../dataset";
import type { ArchiveEntry } from "../files/archive";
import { type LineSource, readLines } from "../files/lines";
import { corpusInParts, readGroups } from "../files/source";
import { cleanKeras, drawShare, withinLengths } from "../prepare";

/** Long film reviews, positive and negative, prepared as in the paper's code. */
export const imdb: Corpus = corpusInParts({
  name: "imdb",
  title: "Large Movie Review Dataset (IMDB)",
  task: "classification",
  classNames: ["negative", "positive"],
  origin: "Film reviews of up to 4 or at least 7 of 10 stars from imdb.com (ai.stanford.edu/~amaas/data/sentiment).",
  licence: "none stated by the distributors, who ask for the citation",
  citation: "Maas et al. (2011), Learning Word Vectors for Sentiment Analysis, ACL, 142-150",
  cleaning: "keras",
  published: {
    train: [10_854, 10_643],
    test: [2184, 2172],
    vocabulary: 12_487,
    remark:
      "The published counts of train are those of train and dev together, from before the authors' code had a dev split; the paper's Table 1 prints 12,500/12,500, all reviews of the official training split, and 13,916 words.",
  },
  files: [
    {
      url: "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
      bytes: 84_125_825,
      sha256: "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
    },
  ],
  parts: { archive: ["aclImdb.tar.gz"] },
  readPart: readFilmReviews,
  prepare: ({ archive }) => prepareReviews(archive),
});

/** How many reviews the official archive has of each split and class. */
const counts = { "train/neg": 12_500, "train/pos": 12_500, "test/neg": 12_500, "test/pos": 12_500 };

/** The labelled reviews out of the official archive, the negative ones first, by their numbers. */
export function readFilmReviews(archive: LineSource): Promise<Example[]> {
  return readGroups(archive, /^aclImdb\/((?:train|test)\/(?:neg|pos))\/(\d+)_\d+\.txt$/, counts, readReview);
}

async function readReview(entry: ArchiveEntry, group: keyof typeof counts, number: number): Promise<Example> {
  const tokens: string[] = [];
  for await (const { text } of readLines(entry)) tokens.push(...cleanKeras(text));
  return { id: `${group.replace("/", "-")}-${number}`, tokens, label: group.endsWith("pos") ? 1 : 0 };
}

const longest = 400;

/** As in the paper's code, which reads Keras's words: what no training review has is missing in test reviews. */
export function prepareReviews(reviews: readonly Example[]): PreparedTexts {
  const of = (split: Split) => reviews.filter(({ id }) => id.startsWith(split));
  const [official, officialTest] = [of("train"), of("test")];
  const known = new Set<string>();
  for (const { tokens } of official) for (const word of tokens) known.add(word);
  const knownOnly = officialTest.map(({ tokens, ...review }) => {
    return { ...review, tokens: tokens.filter((word) => known.has(word)) };
  });
  const short = official.filter(({ tokens }) => tokens.length < longest);
  const shortTest = knownOnly.filter(({ tokens }) => tokens.length < longest);
  const { drawn: dev, rest: train } = drawShare(short, 0.2, "imdb dev");
  const { drawn: test } = drawShare(shortTest, 0.2, "imdb test");
  const all = { train, dev, test };
  return withinLengths(all, { above: 6 }, 10, (kept) => [
    `Reviews of ${longest} words or more are left out, as in the paper's code: of ${official.length} training reviews ${short.length} remain, of ${officialTest.length} test reviews ${shortTest.length}.`,
    "Dev is a random fifth of the remaining training reviews, test a random fifth of the remaining test reviews, as in the paper's code but with a seed of our own.",
    `Reviews of six words or fewer and the longest of each split are left out, as in the paper's code; kept are ${kept}.`,
    "Words are split as in the file of Keras that the paper's code reads; words of test reviews that no training review has are left out, as there.",
  ]);
}
