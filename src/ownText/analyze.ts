import { explain } from "../analysis/importance";
import { gradient } from "../analysis/importances/gradient";
import { leaveOneOut } from "../analysis/importances/leaveOneOut";
import { exactAdversary } from "../analysis/interventions/adversary/exact";
import { searchAdversaries } from "../analysis/interventions/adversary/search";
import { permutedAttentions } from "../analysis/interventions/permutation";
import { decode } from "../model/decoder";
import type { AttentionModel } from "../model/model";
import { predict, predictedLabel } from "../model/predict";
import { textDecoders } from "../model/textDecoders";
import { jensenShannon, totalVariation } from "../stats/divergence";
import { deriveSeed } from "../stats/random";

/** What a classifier says of one text of your own. */
export interface Decision {
  predicted: string;
  probability: number;
  /** The probability of every class, under its name. */
  classes: Record<string, number>;
}

export type WordRow = {
  word: string;
  attention: number;
  /** Gradient importance, |∂ŷ/∂x_t|. */
  gradient: number;
  /** Change of the output without the word, as total variation; undefined for a text of one word. */
  leaveOneOut: number | undefined;
};

export type ExplainedText = Decision & { words: WordRow[] };

/** Attention and both importances of every word of one text of your own, with the predicted class. */
export async function explainText(model: AttentionModel, tokens: readonly string[]): Promise<ExplainedText> {
  const { texts, predictions, attention, decision } = await readText(model, tokens);
  const [ofGradient] = await explain(gradient, { model, texts, predictions });
  const [ofRemoval] = await explain(leaveOneOut, { model, texts, predictions });
  const words = tokens.map((word, t): WordRow => {
    return { word, attention: attention[t]!, gradient: ofGradient![t]!, leaveOneOut: ofRemoval![t] };
  });
  return { ...decision, words };
}

export type Permutation = Decision & {
  /** The model's own weights, at other words. */
  attention: number[];
  /** Total variation of the output, from 0 to 1. */
  change: number;
};

export type PermutedText = Decision & { attention: number[]; permutations: Permutation[] };

/** The output of one text of your own for its attention permuted over the words, by default 100 times (Algorithm 2). */
export async function permuteText(
  model: AttentionModel,
  tokens: readonly string[],
  { permutations }: { permutations?: number } = {},
): Promise<PermutedText> {
  const { attention, decoder, decision, seed } = await readText(model, tokens);
  const output = decode(decoder, attention);
  const drawn = permutedAttentions(attention, { permutations, seed: seed("permutation") }).map((permuted) => {
    const changed = decode(decoder, permuted);
    return { ...decisionOf(model, changed), attention: permuted, change: totalVariation(changed, output) };
  });
  return { ...decision, attention, permutations: drawn };
}

/** The attention of one text beside one far from it that keeps the output. */
export interface AttackedText extends Decision {
  attacked: Decision;
  /** The model's own, one weight per word. */
  attention: number[];
  adversarial: number[];
  /** Jensen-Shannon divergence between the two, in nats: from 0 to ln 2. */
  jsd: number;
}

/**
 * The attention that the paper's search (Algorithm 3) finds for one text of your own: the furthest from the model's own
 * among its candidates that keep the output within ε; undefined where none does. @throws UserError for an ε out of range
 */
export async function searchText(model: AttentionModel, tokens: readonly string[], epsilon: number) {
  const text = await readText(model, tokens);
  const [found] = searchAdversaries([text], { epsilon });
  return found!.attention && text.attackedBy(found!.attention);
}

/**
 * The attention that is furthest from the model's own on one text of your own, among all that keep the output within ε:
 * one or two words hold all of it. Of more than two classes the furthest that a search finds which also tries each word.
 * @throws UserError for a model of texts with a question, and for an ε out of range
 */
export async function attackText(model: AttentionModel, tokens: readonly string[], epsilon: number) {
  const text = await readText(model, tokens);
  const { decoder, attention, attackedBy } = text;
  if (decoder.kind !== "linear") {
    const [found] = searchAdversaries([text], { epsilon, corners: true });
    return attackedBy(found!.attention ?? attention);
  }
  const [furthest] = exactAdversary(decoder, attention, [epsilon]);
  return attackedBy(furthest!.attention);
}

/** The permutation whose change is in the middle of all, of which there is at least one: half of them move the output less. */
export function medianPermutation(permutations: readonly Permutation[]): Permutation {
  const ordered = [...permutations].sort((one, other) => one.change - other.change);
  return ordered[Math.floor((ordered.length - 1) / 2)]!;
}

/** The words of a text that are not in the model's vocabulary, each once: the model reads them as one unknown word. */
export function unknownWords({ vocabulary }: Pick<AttentionModel, "vocabulary">, tokens: readonly string[]): string[] {
  return [...new Set(tokens.filter((token) => !vocabulary.has(token)))];
}

const ownId = "your text";

function decisionOf({ classNames }: Pick<AttentionModel, "classNames">, output: ArrayLike<number>): Decision {
  const label = predictedLabel({ output });
  const classes = Object.fromEntries(classNames.map((name, place) => [name, output[place]!]));
  return { predicted: classNames[label]!, probability: output[label]!, classes };
}

async function readText(model: AttentionModel, tokens: readonly string[]) {
  const texts = [{ id: ownId, tokens: [...tokens], label: 0 }];
  const predictions = await predict(model, texts);
  const { attention, output } = predictions[0]!;
  const decision = decisionOf(model, output);
  const { decoder } = (await textDecoders(model, texts).next()).value!;
  const seed = (use: string) => deriveSeed(model.config.seed, use, ownId);
  const attackedBy = (adversarial: number[]): AttackedText => {
    const attacked = decisionOf(model, decode(decoder, adversarial));
    return { ...decision, attacked, attention, adversarial, jsd: jensenShannon(adversarial, attention) };
  };
  return { texts, predictions, decision, attention, decoder, seed, attackedBy };
}
