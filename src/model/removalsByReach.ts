import { tf } from "../backend/tensorflow";
import type { ModelConfig } from "../study/config";
import { normalizations } from "./attentionWeights";
import { createBatch, createWindows, disposeBatch, placeOf, type Windows } from "./batch";
import { type Decoder, decode } from "./decoder";
import { type AttentionModel, type Encoded, encodeQuestion, encodeText, scoreStates } from "./model";
import { cutByLength } from "./predict";
import { contributionsOf, decodersOf } from "./textDecoders";
import type { RemovalsAlike } from "./ties";
import type { EncodedText } from "./vocabulary";
import { groupOf, type Weights } from "./weights";

/** The model's output for a text without one of its words. */
export interface OutputWithout {
  /** Index of the text. */
  text: number;
  /** Index of the word that is left out. */
  removed: number;
  /** Probability of each class. */
  output: ArrayLike<number>;
}

/** Positions of the windows of a pass, which bounds its memory. */
const positionsAtOnce = 32_768;

/**
 * Outputs of texts without each of their words, for an encoder whose state sees at most `reach` words on each side: all
 * other states, scores and contributions to the output are those of the whole text.
 *
 * @param alike of words whose removals are equal the first is told
 */
export async function* outputsByReach(
  model: AttentionModel,
  texts: readonly EncodedText[],
  alike: readonly RemovalsAlike[],
  reach: number,
): AsyncGenerator<OutputWithout[]> {
  const long = [...texts.keys()].filter((index) => texts[index]!.ids.length >= 2);
  const costs = long.map((index) => ({ length: texts[index]!.ids.length * (1 + 4 * reach) }));
  for (const cut of cutByLength(costs, positionsAtOnce)) {
    const indices = cut.map((place) => long[place]!);
    const outputs = outputsOfTexts(
      model,
      indices.map((index) => texts[index]!),
      indices.map((index) => [...alike[index]!.keys()]),
      reach,
    );
    yield outputs.map(({ text, ...rest }) => ({ ...rest, text: indices[text]! }));
    await tf.nextFrame();
  }
}

/** The words of a text as attention and decoder see them. */
interface Scored {
  /** One per word, before they are normalised. */
  scores: Float32Array;
  decoder: Decoder;
}

function outputsOfTexts(
  model: AttentionModel,
  texts: readonly EncodedText[],
  removals: readonly number[][],
  reach: number,
): OutputWithout[] {
  const batch = createBatch(texts, model.classNames.length);
  const windows = reach > 0 ? createWindows(texts, reach) : undefined;
  let whole: Scored[] = [];
  let changed: ChangedWords | undefined;
  tf.tidy(() => {
    const { config, weights } = model;
    const encoded = { states: encodeText(config, weights, batch), question: encodeQuestion(config, weights, batch) };
    whole = scoreWhole(model, texts, encoded);
    changed = windows && scoreWindows(model, texts, windows, encoded.question);
  });
  disposeBatch(batch);
  if (windows) disposeBatch(windows.sequences);
  return removals.flatMap((words, text) =>
    words.map((removed) => {
      const left = withoutWord(whole[text]!, removed);
      if (windows && changed) replaceChanged(left, changed, windows.windowOf(text, removed), removed, reach);
      const attention = normalizations[model.config.attentionWeights].ofText(left.scores);
      return { text, removed, output: decode(left.decoder, attention) };
    }),
  );
}

function scoreWhole({ config, weights }: AttentionModel, texts: readonly EncodedText[], encoded: Encoded): Scored[] {
  const decoders = decodersOf({ config, weights }, texts, encoded);
  const scores = scoresOf(config, weights, encoded)?.dataSync<"float32">();
  return texts.map(({ ids }, b) => ({
    decoder: decoders[b]!,
    scores: Float32Array.from(ids, (_, t) => scores?.[placeOf({ size: texts.length }, b, t)] ?? 0),
  }));
}

/** [time, batch]; undefined for attention that uses none. */
function scoresOf(config: ModelConfig, weights: Weights, { states, question }: Encoded): tf.Tensor2D | undefined {
  return normalizations[config.attentionWeights].usesScores
    ? scoreStates(config, weights, states, question)
    : undefined;
}

/** Scores and contributions of the words of all windows. */
interface ChangedWords {
  /** [time, windows]; undefined for uniform attention. */
  scores: Float32Array | undefined;
  /** [time, windows, contributions] */
  contributions: Float32Array;
  windows: number;
}

function scoreWindows(
  { config, weights }: AttentionModel,
  texts: readonly EncodedText[],
  { sequences }: Windows,
  questions: tf.Tensor2D | undefined,
): ChangedWords {
  const states = encodeText(config, weights, sequences);
  const textOf = texts.flatMap(({ ids }, text) => ids.map(() => text));
  const question = questions && tf.gather(questions, tf.tensor1d(textOf, "int32"));
  return {
    scores: scoresOf(config, weights, { states, question })?.dataSync<"float32">(),
    contributions: contributionsOf(groupOf(weights, "decoder"), states, question !== undefined).dataSync<"float32">(),
    windows: sequences.size,
  };
}

function withoutWord({ scores, decoder }: Scored, removed: number): Scored {
  const drop = (values: Float32Array) => {
    const columns = values.length / scores.length;
    const left = new Float32Array(values.length - columns);
    left.set(values.subarray(0, removed * columns));
    left.set(values.subarray((removed + 1) * columns), removed * columns);
    return left;
  };
  return {
    scores: drop(scores),
    decoder:
      decoder.kind === "linear"
        ? { ...decoder, contributions: drop(decoder.contributions) }
        : { ...decoder, projected: drop(decoder.projected) },
  };
}

/** Puts what was computed anew in the place of the words around the missing one, in place. */
function replaceChanged(
  { scores, decoder }: Scored,
  changed: ChangedWords,
  { column, first }: ReturnType<Windows["windowOf"]>,
  removed: number,
  reach: number,
): void {
  const target = decoder.kind === "linear" ? decoder.contributions : decoder.projected;
  const columns = target.length / scores.length;
  for (let word = Math.max(0, removed - reach); word < Math.min(scores.length, removed + reach); word++) {
    const from = (word - first) * changed.windows + column;
    scores[word] = changed.scores?.[from] ?? 0;
    target.set(changed.contributions.subarray(from * columns, (from + 1) * columns), word * columns);
  }
}
