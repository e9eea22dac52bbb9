import { freed, tf } from "../backend/tensorflow";
import { UserError } from "../errors";
import { groupBy } from "../stats/summary";
import { type AttentionModel, reachOf } from "./model";
import { checkExample, type GivenOfText, type Prediction, predictEncoded, type Readable } from "./predict";
import { outputKey } from "./ties";
import { type EncodedText, encodeExample, encodeTokens } from "./vocabulary";

/** A text that is changed before the model reads it; what is not given stays as it is. */
export interface Variant extends GivenOfText {
  /** Other words, or fewer; a word that the model does not know is read as unknown. */
  words?: readonly string[];
}

/**
 * What the model says of changed versions of one text: words replaced or removed, word vectors disturbed, other attention.
 * A question or hypothesis stays whole.
 *
 * Variants in words alone whose output is equal by definition have the same output to the last bit.
 *
 * @returns a prediction for each variant, in their order
 * @throws UserError for a variant without words, vectors or weights that are not one per word, and vectors of another size
 * @example
 * const [prediction] = await predict(model, [text]);
 * const shorter = text.tokens.map((_, t) => ({ words: text.tokens.filter((_, other) => other !== t) }));
 * const changes = (await rerun(model, text, shorter)).map(({ output }) => totalVariation(output, prediction.output));
 */
export async function rerun(
  model: AttentionModel,
  text: Readable,
  variants: readonly Variant[],
): Promise<Prediction[]> {
  const texts = variants.map(({ words = text.tokens, vectors, attention }) => {
    const changed = { ...text, tokens: [...words] };
    checkExample(model, changed, { attention, vectors });
    const wrong = vectors?.find(({ length }) => length !== model.config.embeddingSize);
    if (wrong === undefined) return { ...encodeExample(model.vocabulary, changed), vectors, attention };
    throw new UserError(
      `The vectors given for "${text.id}" must be of ${model.config.embeddingSize} numbers, as the model's, but one of ${wrong.length} came.`,
    );
  });
  const predictions: Prediction[] = new Array(variants.length);
  const kinds = groupBy([...texts.keys()], (index) => {
    const { vectors, attention } = texts[index]!;
    return JSON.stringify([vectors !== undefined, attention !== undefined]);
  });
  for (const indices of kinds.values()) {
    const ofKind = indices.map((index) => texts[index]!);
    const { vectors, attention } = ofKind[0]!;
    const said = await (vectors || attention ? predictEncoded : predictDistinct)(model, ofKind);
    for (const [place, index] of indices.entries()) predictions[index] = said[place]!;
  }
  return predictions;
}

/** Each distinct text is read once, and texts whose output is equal by definition get that of the first of them. */
async function predictDistinct(model: AttentionModel, texts: readonly EncodedText[]): Promise<Prediction[]> {
  const distinct = new Map(texts.map((text) => [text.ids.join(), text]));
  const said = await predictEncoded(model, [...distinct.values()]);
  const byIds = new Map([...distinct.keys()].map((ids, index) => [ids, said[index]!]));
  const byOutput = new Map<string, Prediction>();
  return texts.map(({ ids }) => {
    const own = byIds.get(ids.join())!;
    const key = outputKey(ids, reachOf(model));
    if (!byOutput.has(key)) byOutput.set(key, own);
    const { output, logits } = byOutput.get(key)!;
    return { ...own, output, logits };
  });
}

/** The model's vectors of the words of a text, [words][embedding]. */
export function wordVectors({ vocabulary, weights }: AttentionModel, words: readonly string[]): Float32Array[] {
  const ids = encodeTokens(vocabulary, words);
  const [values, size] = freed(() => {
    const rows = tf.gather(weights["embedding.vectors"] as tf.Tensor2D, tf.tensor1d(ids, "int32"));
    return [rows.dataSync<"float32">(), rows.shape[1]!] as const;
  });
  return ids.map((_, word) => values.slice(word * size, (word + 1) * size));
}
