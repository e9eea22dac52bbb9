import { loadDataset } from "../src/data/catalog";
import { cutBatches, type Instance } from "../src/model/train";
import { createVocabulary, encodeTokens } from "../src/model/vocabulary";
import { mirrorFolder } from "../src/paths";
import { createRandom, deriveSeed } from "../src/stats/random";

/** What both contestants train on. */
export interface Work {
  origin: string;
  /** Rows of the embedding. */
  tokens: number;
  positiveWeight: number;
  /** Batches of one epoch, cut by the project's rule. */
  batches: Instance[][];
}

const batchSize = 32;

/** One epoch of the Stanford treebank where a mirror of the corpora is at hand, else of made-up texts as long. */
export async function sstEpoch(): Promise<Work> {
  const { origin, tokens, instances } = mirrorFolder() ? await sst() : madeUp();
  const positives = instances.filter(({ label }) => label === 1).length;
  return {
    origin,
    tokens,
    positiveWeight: instances.length / positives - 1,
    batches: cutBatches(instances, batchSize, deriveSeed(0, "bench")),
  };
}

async function sst() {
  const dataset = await loadDataset("sst");
  const vocabulary = createVocabulary(dataset.vocabulary);
  const instances = dataset.train.map(({ tokens, label }) => ({ ids: encodeTokens(vocabulary, tokens), label }));
  return { origin: "Stanford Sentiment Treebank, training split", tokens: vocabulary.tokens.length, instances };
}

/** As many texts as in the treebank, about as long, with words about as frequent (Zipf's law). */
function madeUp() {
  const random = createRandom("bench");
  const [texts, words] = [6355, 13_822];
  const word = () => 4 + Math.min(words - 1, Math.floor(words ** random.uniform()) - 1);
  const length = () => Math.max(6, Math.min(48, Math.round(19 + 9 * random.normal())));
  const instances = Array.from({ length: texts }, (_, index) => ({
    ids: Array.from({ length: length() }, word),
    label: index % 2,
  }));
  return { origin: "made-up texts of the treebank's lengths", tokens: 4 + words, instances };
}
