import { kernelNormalizations, type Scoring } from "../backend/bilstmWithoutEach";
import { isNative, tf } from "../backend/tensorflow";
import type { Attention } from "./attention";
import { attentions } from "./attentions";
import { normalizations } from "./attentionWeights";
import { createBatch, disposeBatch } from "./batch";
import type { Encoder } from "./encoder";
import { encoders } from "./encoders";
import { type AttentionModel, decodeContext, encodeQuestion, reachOf } from "./model";
import { cutByLength, predictEncoded, probabilitiesOf } from "./predict";
import { type OutputWithout, outputsByReach } from "./removalsByReach";
import { type RemovalsAlike, removalsAlike } from "./ties";
import type { EncodedText } from "./vocabulary";
import { groupOf } from "./weights";

/**
 * The model's output for every text without each of its words, the encoder reading the shorter text anew.
 *
 * Only what the missing word changes is computed anew: for an encoder that sees a few words at a time the states around
 * it, and for one that reads a text in order those behind it in either direction. Words whose removals are equal by
 * definition have one output.
 *
 * @param texts of two words or more; of a shorter one nothing is left, and nothing is told
 * @returns in parts that bound the memory, each word of each text once
 */
export async function* outputsWithoutEach(
  model: AttentionModel,
  texts: readonly EncodedText[],
): AsyncGenerator<OutputWithout[]> {
  const reach = reachOf(model);
  const alike = texts.map(({ ids }) => removalsAlike(ids, reach));
  for await (const outputs of distinctOutputs(model, texts, alike, reach)) {
    yield outputs.flatMap(({ text, removed, output }) =>
      alike[text]!.get(removed)!.map((word) => ({ text, removed: word, output })),
    );
  }
}

function distinctOutputs(
  model: AttentionModel,
  texts: readonly EncodedText[],
  alike: readonly RemovalsAlike[],
  reach: number | undefined,
): AsyncGenerator<OutputWithout[]> {
  if (reach !== undefined) return outputsByReach(model, texts, alike, reach);
  return hasContexts(model) ? outputsOfContexts(model, texts, alike) : outputsOfShortened(model, texts, alike);
}

/** Whether a kernel knows what the decoder reads of the shortened texts. */
function hasContexts({ config }: AttentionModel): boolean {
  const encoder: Encoder = encoders[config.encoder];
  const attention: Attention = attentions[config.attention];
  const isKnown = kernelNormalizations.includes(config.attentionWeights);
  return isNative() && isKnown && encoder.contextsWithoutEach !== undefined && attention.scoring !== undefined;
}

/** Positions of the texts of a pass, which bounds its memory. */
const positionsAtOnce = 4096;

/** The indices of texts of two words or more, in parts of about equal length. */
function partsOf(texts: readonly EncodedText[]): number[][] {
  const long = [...texts.keys()].filter((index) => texts[index]!.ids.length >= 2);
  const sequences = long.map((index) => texts[index]!.ids);
  return cutByLength(sequences, positionsAtOnce).map((part) => part.map((place) => long[place]!));
}

async function* outputsOfContexts(
  model: AttentionModel,
  texts: readonly EncodedText[],
  alike: readonly RemovalsAlike[],
): AsyncGenerator<OutputWithout[]> {
  for (const indices of partsOf(texts)) {
    const removals = indices.flatMap((text, b) => texts[text]!.ids.map((_, removed) => ({ text, removed, b })));
    const ofPart = indices.map((index) => texts[index]!);
    const columns = removals.map(({ b }) => b);
    const outputs = tf.tidy(() => outputsOfPart(model, ofPart, columns).dataSync<"float32">());
    const classes = outputs.length / removals.length;
    yield removals.flatMap(({ text, removed }, index) => {
      if (!alike[text]!.has(removed)) return [];
      const output = outputs.subarray(index * classes, (index + 1) * classes);
      return [{ text, removed, output: classes === 1 ? [1 - output[0]!, output[0]!] : output }];
    });
    await tf.nextFrame();
  }
}

/** @param columns which of the texts each word of all texts is from */
function outputsOfPart(model: AttentionModel, texts: readonly EncodedText[], columns: readonly number[]): tf.Tensor2D {
  const { config, weights, classNames } = model;
  const encoder: Encoder = encoders[config.encoder];
  const batch = createBatch(texts, classNames.length);
  const embedded = tf.gather(weights["embedding.vectors"] as tf.Tensor2D, batch.words);
  const question = encodeQuestion(config, weights, batch);
  const scoring = scoringOf(model, question);
  const group = groupOf(weights, "encoder");
  const contexts = encoder.contextsWithoutEach!(group, embedded, batch, scoring, config.attentionWeights);
  const textOf = tf.tensor1d([...columns], "int32");
  const forEach = (ofTexts?: tf.Tensor2D) => ofTexts && tf.gather(ofTexts, textOf);
  const logits = decodeContext(weights, contexts, forEach(question), forEach(batch.impossible));
  disposeBatch(batch);
  return probabilitiesOf({ logits });
}

function scoringOf({ config, weights }: AttentionModel, question?: tf.Tensor2D): Scoring {
  const attention: Attention = attentions[config.attention];
  if (normalizations[config.attentionWeights].usesScores)
    return attention.scoring!(groupOf(weights, "attention"), question);
  return { kind: "dot", queries: tf.zeros([1, encoders[config.encoder].stateSize(config)]) };
}

/** For any encoder and attention: reads the shortened texts. */
async function* outputsOfShortened(
  model: AttentionModel,
  texts: readonly EncodedText[],
  alike: readonly RemovalsAlike[],
): AsyncGenerator<OutputWithout[]> {
  for (const text of partsOf(texts).flat()) {
    const { ids, ...rest } = texts[text]!;
    const removals = [...alike[text]!.keys()];
    const shortened = removals.map((removed) => ({ ...rest, ids: ids.filter((_, t) => t !== removed) }));
    const predictions = await predictEncoded(model, shortened);
    yield removals.map((removed, index) => ({ text, removed, output: predictions[index]!.output }));
  }
}
