import { loadDataset } from "../src/data/catalog";
import type { Purpose } from "../src/model/model";
import { cutBatches } from "../src/model/train";
import type { Instance } from "../src/model/trainStep";
import { createVocabulary, encodeExample } from "../src/model/vocabulary";
import { mirrorFolder } from "../src/paths";
import { createRandom, deriveSeed } from "../src/stats/random";

/** What both contestants compute on. */
export interface Work extends Purpose {
  origin: string;
  /** Rows of the embedding. */
  tokens: number;
  positiveWeight: number;
  /** Training batches of one epoch, cut by the project's rule. */
  batches: Instance[][];
  dev: Instance[];
  /** Test texts. */
  texts: Instance[];
}

const batchSize = 32;

type Texts = Omit<Work, "positiveWeight" | "batches"> & { train: Instance[] };

/** A corpus where a mirror of the corpora is at hand, else made-up texts as long as those of "sst" or "imdb". */
export async function loadWork(corpus: string): Promise<Work> {
  const { train, ...rest } = mirrorFolder() ? await read(corpus) : madeUp(corpus);
  const positives = train.filter(({ label }) => label === 1).length;
  return {
    ...rest,
    positiveWeight: train.length / positives - 1,
    batches: cutBatches(train, batchSize, deriveSeed(0, "bench")),
  };
}

async function read(corpus: string): Promise<Texts> {
  const dataset = await loadDataset(corpus);
  const vocabulary = createVocabulary(dataset.vocabulary);
  const [train, dev, texts] = [dataset.train, dataset.dev, dataset.test].map((examples) =>
    examples.map((example) => ({ ...encodeExample(vocabulary, example), label: example.label })),
  );
  const { title: origin, task, classNames } = dataset;
  return { origin, task, classNames, tokens: 4 + vocabulary.size, train: train!, dev: dev!, texts: texts! };
}

/** Counts and lengths of the corpora (paper, Table 1). */
const sizes: Record<string, { train: number; test: number; words: number; length: [mean: number, deviation: number] }> =
  {
    sst: { train: 6355, test: 1725, words: 13_822, length: [19, 9] },
    imdb: { train: 17_212, test: 4356, words: 12_483, length: [180, 80] },
  };

/** As many texts as in the corpus, about as long, with words about as frequent (Zipf's law). */
function madeUp(corpus: string): Texts {
  const size = sizes[corpus];
  if (!size) throw new Error(`Texts are made up like those of ${Object.keys(sizes).join(" or ")}, not of ${corpus}.`);
  const random = createRandom("bench");
  const [mean, deviation] = size.length;
  const length = () => Math.round(Math.max(6, Math.min(mean + 3 * deviation, mean + deviation * random.normal())));
  const split = (texts: number) =>
    Array.from({ length: texts }, (_, index) => ({ ids: madeUpWords(length(), size.words, random), label: index % 2 }));
  return {
    origin: `made-up texts of the lengths of ${corpus}`,
    task: "classification",
    classNames: ["negative", "positive"],
    tokens: 4 + size.words,
    train: split(size.train),
    dev: split(size.test / 2),
    texts: split(size.test),
  };
}

/** Word ids, the frequent words first. */
export function madeUpWords(length: number, words: number, random: ReturnType<typeof createRandom>): number[] {
  return Array.from({ length }, () => 4 + Math.min(words - 1, Math.floor(words ** random.uniform()) - 1));
}
