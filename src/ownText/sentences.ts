import { counted } from "../counted";
import { escapeMarkdown, formatNumber } from "../figures/figure";
import { isSolved } from "../stats/classification";
import { totalVariation } from "../stats/divergence";
import { kendallTau } from "../stats/kendall";
import { quantile } from "../stats/summary";
import type { TestScores } from "../study/testScores";
import type { AttackedText, Decision, ExplainedText, PermutedText, WordRow } from "./analyze";

/** What is said of a text of one word: it has one attention and one order. */
const oneWord =
  "There is one word, and it keeps all of the attention: there is nothing to compare, to shuffle or to search.";

/** Sentences on one text of your own, for a reader who does not know the paper: Markdown, all numbers from the run. */

/** How well the model does on texts that it has not learned from. */
export function describeScores({ texts, accuracy, chance }: Pick<TestScores, "texts" | "accuracy" | "chance">): string {
  const told = `Of ${texts} other texts that it has never seen, it judges ${percent(accuracy, 0)} correctly; always naming the most frequent class gets ${percent(chance, 0)}.`;
  return isSolved({ accuracy, chance }) ? told : `${told} It has learned too little to be worth explaining.`;
}

/** What the model decides, and which words it does not know. */
export function describeDecision(decision: Decision, tokens: readonly string[], unknown: readonly string[]): string {
  const told = `The model says ${className(decision)}, with a probability of ${percent(decision.probability)}.`;
  if (unknown.length === 0) return told;
  if (tokens.every((token) => unknown.includes(token)))
    return `${told} It has never seen any of these words: take this for a guess.`;
  const names = unknown.slice(0, 8).map(code);
  const rest = unknown.length > 8 ? [`${unknown.length - 8} more`] : [];
  return `${told} It has never seen ${list([...names, ...rest])}: all such words are one and the same to it.`;
}

/** Which word each way of asking puts first, and how far the orders of all words agree with that of attention. */
export function describeImportance(words: readonly WordRow[]): string {
  if (words.length === 1) return oneWord;
  const tokens = words.map(({ word }) => word);
  const beside = (measure: Importance) =>
    `${firstOf(tokens, columnOf(words, measure))} (τ ${tauText(words, "attention", measure)})`;
  return `Attention puts ${largestOf(tokens, columnOf(words, "attention"))} first; the gradient ${beside("gradient")}; leave-one-out ${beside("leaveOneOut")}. The latter two have τ ${tauText(words, "gradient", "leaveOneOut")} with one another.`;
}

/** How far the output moves when the same weights stand at other words. */
export function describePermutations({ attention, permutations, ...decision }: PermutedText): string {
  if (attention.length === 1) return oneWord;
  const changes = permutations.map(({ change }) => change);
  const flips = permutations.filter(({ predicted }) => predicted !== decision.predicted).length;
  const [median, largest] = [points(quantile(changes, 0.5)), points(Math.max(...changes))];
  return `Half of the ${changes.length} shuffles move the probability of ${className(decision)} by at most ${median}, and none by more than ${largest}; the decision changes in ${flips}.`;
}

/** What the paper's search found; undefined where it found nothing. */
export function describeSearch(found: AttackedText | undefined, tokens: readonly string[], epsilon: number): string {
  if (tokens.length === 1) return oneWord;
  if (!found)
    return `The search found no attention that keeps the probability within ${points(epsilon)}. That does not mean that there is none.`;
  const moved = percent(totalVariation(found.attention, found.adversarial), 0);
  const [other, own] = [largestOf(tokens, found.adversarial), largestOf(tokens, found.attention)];
  return `The search puts ${other} first, the model ${own}. ${moved} of the attention moves (JSD ${found.jsd.toFixed(3)}), and ${effectOf(found)}.`;
}

/** The furthest attention, beside how far the search came. */
export function describeFurthest(
  furthest: AttackedText,
  found: AttackedText | undefined,
  tokens: readonly string[],
): string {
  if (tokens.length === 1) return oneWord;
  const support = tokens.flatMap((_, place) => {
    const weight = furthest.adversarial[place]!;
    return weight > 0 ? [`${percent(weight)} at ${nameOf(tokens, place)}`] : [];
  });
  const spread = furthest.jsd > 0 ? "stands at many words" : "is the model's own, as no other keeps the probability";
  const where = support.length <= 2 ? `has ${list(support)}` : spread;
  const search = found ? `came to ${found.jsd.toFixed(3)}` : "found nothing";
  return `The furthest attention ${where}: JSD ${furthest.jsd.toFixed(3)}, where the search ${search}; ${effectOf(furthest)}.`;
}

/** How well the attention of each of two models agrees with importance on the same text. */
export function describeEncoders(bilstm: ExplainedText, average: ExplainedText): string {
  if (bilstm.words.length === 1) return oneWord;
  const said = [bilstm, average].map((told) => `${className(told)} (${percent(told.probability)})`);
  const [gradient, removal] = (["gradient", "leaveOneOut"] as const).map((measure) =>
    [bilstm, average].map(({ words }) => tauText(words, "attention", measure)).join(" and "),
  );
  return `The BiLSTM says ${said[0]}, the average model ${said[1]}. τ of attention and gradient is ${gradient}, of attention and leave-one-out ${removal}.`;
}

/** How long a text is beside those that the model has learned from. */
export function describeLength(tokens: readonly string[], train: readonly { tokens: readonly string[] }[]): string {
  const usual = train.reduce((sum, example) => sum + example.tokens.length, 0) / train.length;
  return `Your text has ${counted(tokens.length, "word")}; those that the model learned from have ${usual.toFixed(1)} on average.`;
}

function className({ predicted }: Pick<Decision, "predicted">): string {
  return `**${escapeMarkdown(predicted)}**`;
}

function effectOf({ predicted, probability, attacked }: AttackedText): string {
  const flip = attacked.predicted === predicted ? "" : `, so the decision changes to ${className(attacked)}`;
  return `${className({ predicted })} goes from ${percent(probability)} to ${percent(attacked.classes[predicted]!)}${flip}`;
}

type Importance = "gradient" | "leaveOneOut";

/** Of words of which there are at least two, so that leave-one-out is known. */
function columnOf(words: readonly WordRow[], column: "attention" | Importance): number[] {
  return words.map((word) => word[column]!);
}

function tauText(words: readonly WordRow[], one: "attention" | Importance, other: Importance): string {
  const { value } = kendallTau(columnOf(words, one), columnOf(words, other));
  return value === undefined ? "undefined, as all words have the same value" : formatNumber(value);
}

/** The word with the largest weight, or that there is none. */
function firstOf(tokens: readonly string[], weights: readonly number[]): string {
  const largest = Math.max(...weights);
  const places = tokens.flatMap((_, place) => (weights[place] === largest ? [place] : []));
  if (places.length === tokens.length) return "no word before another";
  return list(places.slice(0, 3).map((place) => nameOf(tokens, place)));
}

function largestOf(tokens: readonly string[], weights: readonly number[]): string {
  return `${firstOf(tokens, weights)} (${percent(Math.max(...weights))})`;
}

/** The word, with its place where the text has it more than once. */
function nameOf(tokens: readonly string[], place: number): string {
  const word = tokens[place]!;
  const isAlone = tokens.indexOf(word) === tokens.lastIndexOf(word);
  return isAlone ? code(word) : `${code(word)} (word ${place + 1})`;
}

/** As Markdown shows it unchanged: in a code span, with more backticks around it than it has inside. */
function code(word: string): string {
  const longest = Math.max(0, ...[...word.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${word} ${fence}` : `${fence}${word}${fence}`;
}

/** A share; what is not all but near all does not read as all, nor the least share as nothing. */
function percent(share: number, digits = 1): string {
  if (share === 0 || share === 1) return `${100 * share} %`;
  const step = 10 ** -digits;
  if (share < 0.005 * step) return `less than ${step} %`;
  if (100 * share > 100 - step / 2) return `more than ${(100 - step).toFixed(digits)} %`;
  return `${(100 * share).toFixed(digits)} %`;
}

function points(share: number): string {
  const value = Number((100 * share).toPrecision(3));
  return `${value} ${value === 1 ? "percentage point" : "percentage points"}`;
}

function list(items: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(items);
}
