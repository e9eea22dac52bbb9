import type { Example } from "../data/dataset";
import { totalVariation } from "../stats/divergence";
import { decode } from "./decoder";
import type { AttentionModel } from "./model";
import { textDecoders } from "./textDecoders";

/** Attentions that are imposed on a text: of each, one weight per word. */
export type Attentions = readonly (readonly number[])[];

/** The probability of every class under attention that is imposed, [attentions] of each text, which is encoded once. */
export async function outputsUnder(
  model: AttentionModel,
  texts: readonly Example[],
  attentions: readonly Attentions[],
): Promise<Float64Array[][]> {
  const outputs: Float64Array[][] = new Array(texts.length);
  for await (const { index, decoder } of textDecoders(model, texts))
    outputs[index] = attentions[index]!.map((weights) => decode(decoder, weights));
  return outputs;
}

/** Words of the shorter texts that are encoded together. */
const wordsTogether = 100_000;

/**
 * How far the output moves, as total variation, when a word is removed under attention that is imposed: the shorter text is
 * encoded anew, once for all attentions, and the other words' weights sum to 1 again.
 *
 * @returns [attentions][words] of each text; no number of a text of one word
 */
export async function changesWithoutEach(
  model: AttentionModel,
  texts: readonly Example[],
  attentions: readonly Attentions[],
  { onProgress, signal }: { onProgress?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<number[][][]> {
  const outputs = await outputsUnder(model, texts, attentions);
  const changes = attentions.map((ofText): number[][] => ofText.map(() => []));
  for (const removals of groupsOf(texts)) {
    signal?.throwIfAborted();
    for await (const { index, decoder } of textDecoders(
      model,
      removals.map(({ shorter }) => shorter),
    )) {
      const { text, words } = removals[index]!;
      for (const word of words) {
        attentions[text]!.forEach((weights, which) => {
          const output = decode(decoder, withoutWord(weights, word));
          changes[text]![which]![word] = totalVariation(output, outputs[text]![which]!);
        });
      }
    }
    onProgress?.((removals.at(-1)!.text + 1) / texts.length);
  }
  return changes;
}

interface Removal {
  /** Index of the text, and the words each of whose removal leaves `shorter`: equal neighbours. */
  text: number;
  words: number[];
  shorter: Example;
}

function* groupsOf(texts: readonly Example[]): Generator<Removal[]> {
  let group: Removal[] = [];
  let words = 0;
  for (const [text, example] of texts.entries()) {
    const { tokens } = example;
    if (tokens.length < 2) continue;
    for (const [word, token] of tokens.entries()) {
      if (word > 0 && token === tokens[word - 1]) group.at(-1)!.words.push(word);
      else group.push({ text, words: [word], shorter: { ...example, tokens: tokens.filter((_, t) => t !== word) } });
    }
    words += tokens.length ** 2;
    if (words < wordsTogether) continue;
    yield group;
    group = [];
    words = 0;
  }
  if (group.length > 0) yield group;
}

/** The weights of the words that are left; the same for all of them where the removed word had everything. */
function withoutWord(weights: readonly number[], word: number): number[] {
  const rest = weights.filter((_, t) => t !== word);
  const sum = rest.reduce((total, weight) => total + weight, 0);
  return rest.map((weight) => (sum > 0 ? weight / sum : 1 / rest.length));
}
