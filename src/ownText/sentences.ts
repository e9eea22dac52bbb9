import { formatNumber } from "../figures/figure";
import { farJsd } from "../paper/adversaries";
import { littleChange } from "../paper/claims/permute";
import { totalVariation } from "../stats/divergence";
import { type KendallResult, kendallTau } from "../stats/kendall";
import { quantile } from "../stats/summary";
import type { TestScores } from "../study/testScores";
import type { AttackedText, Decision, Permutation, WordRow } from "./analyze";
import { agreementWords, code, list, percent, points, signed } from "./sentenceParts";

/** Sentences on one text of your own, for a reader who does not know the paper: Markdown, all numbers from the run. */

/** How well the model does on texts that it has not learned from. */
export function describeScores({ texts, accuracy }: Pick<TestScores, "texts" | "accuracy">): string {
  const right = Math.round(100 * accuracy);
  const told = `Of ${texts} other reviews that it has never seen, it judges ${percent(accuracy, 0)} correctly; guessing gets about 50 %.`;
  return right < 60 ? `${told} It has learned too little to be worth explaining.` : told;
}

/**
 * What the model decides, how sure it is, and which words it does not know.
 *
 * @param unknown the words that are not in its vocabulary, each once
 */
export function describeDecision(
  { predicted, probability }: Decision,
  tokens: readonly string[],
  unknown: readonly string[],
): string {
  return `The model says **${predicted}**, with a probability of ${percent(probability)}: ${certainty(probability)}. ${knowledge(tokens, unknown)}`;
}

function certainty(probability: number): string {
  if (probability >= 0.95) return "it is as good as certain";
  if (probability >= 0.8) return "it is rather sure";
  if (probability >= 0.6) return "it is not very sure";
  return "hardly more than the toss of a coin";
}

function knowledge(tokens: readonly string[], unknown: readonly string[]): string {
  const unheard = tokens.filter((token) => unknown.includes(token)).length;
  if (unheard === 0) {
    if (tokens.length === 1) return "It knows the word.";
    return tokens.length === 2 ? "It knows both words." : `It knows all ${counted(tokens)}.`;
  }
  const alike = "all words that it never saw are one and the same to it";
  if (unheard === tokens.length) {
    return `It has never seen ${unheard === 1 ? "this word" : `any of these words`}, and ${alike}: take this decision for a guess.`;
  }
  const names = unknown.slice(0, 8).map(code);
  const rest = unknown.length - names.length;
  return `It has never seen ${list(rest > 0 ? [...names, `${rest} more`] : names)} (${alike}).`;
}

/** Which word each way of asking puts first, and how far the orders of all words agree. */
export function describeImportance(words: readonly WordRow[]): string {
  if (words.length < 2) {
    return "There is one word: it has all of the attention, and without it nothing is left to read. Orders can be compared from two words on.";
  }
  const { attention, gradient, leaveOneOut } = columnsOf(words);
  const tokens = words.map(({ word }) => word);
  const firsts = [attention, gradient, leaveOneOut].map((weights) => firstOf(tokens, weights));
  const [byGradient, byRemoval] = [kendallTau(attention, gradient), kendallTau(attention, leaveOneOut)];
  const agree = firsts.every((first) => first === firsts[0]);
  const share = percent(Math.max(...attention));
  const top = agree
    ? `Attention, gradient and leave-one-out all put ${firsts[0]} first; it has ${share} of all attention.`
    : `Attention puts ${firsts[0]} first, with ${share} of it; the gradient ${firsts[1]}; leave-one-out ${firsts[2]}.`;
  return [
    `${top}\n`,
    `- Attention and gradient: ${tauWords(byGradient)}`,
    `- Attention and leave-one-out: ${tauWords(byRemoval)}`,
    `\n${importanceVerdict(agree, [byGradient, byRemoval])}`,
  ].join("\n");
}

function tauWords(result: KendallResult): string {
  if (result.kind === "undefined") return "there is no τ, as one of the two has the same value for every word.";
  const { tau, pValue } = result;
  const alike = Math.round(50 * (1 + tau));
  return (
    `τ is ${signed(tau)}, ${agreementWords(tau)}: of 100 pairs of words, about ${alike} stand in the same order. ` +
    `By chance alone τ would be as far from 0 ${often(pValue)}.`
  );
}

function often(pValue: number): string {
  const cases = Math.round(100 * pValue);
  return cases < 1 ? "in less than 1 of 100 cases" : `in ${cases} of 100 cases`;
}

function importanceVerdict(agree: boolean, results: readonly KendallResult[]): string {
  if (results.every(({ kind }) => kind === "undefined")) return "So this text cannot tell whether they agree.";
  const strong = results.every(
    (result) => result.kind === "defined" && agreementWords(result.tau) === "strong agreement",
  );
  if (agree && strong) {
    const mayBeChance = results.some((result) => result.kind === "defined" && result.pValue > 0.05);
    const caution = mayBeChance ? " With so few words that may be chance, though." : "";
    return `So for this review attention tells much the same as the two measures.${caution}`;
  }
  if (results.some(({ kind }) => kind === "undefined")) return "So this text tells but half of it.";
  if (strong) return "So the orders are alike, but not in which word is first.";
  if (agree) return "So they agree on the most important word, but not so well on the others.";
  return "So if attention were the explanation, at least one of the two measures would be wrong about the most important word.";
}

/** How far the output moves when the same weights stand at other words. */
export function describePermutations({
  predicted,
  attention,
  permutations,
}: Decision & { attention: readonly number[]; permutations: readonly Permutation[] }): string {
  if (attention.length < 2) return "There is one word, and it keeps all of the attention: nothing can be shuffled.";
  const changes = permutations.map(({ change }) => change);
  const median = quantile(changes, 0.5);
  const flips = permutations.filter(({ probability }) => probability < 0.5).length;
  const decision =
    flips === 0 ? "The decision never changes." : `The decision changes in ${flips} of the ${changes.length} shuffles.`;
  const largest = Math.max(...changes);
  const moves =
    largest < 0.0005
      ? `None of the ${changes.length} shuffles moves the probability of **${predicted}** by as much as ${points(0.001)}.`
      : `Half of the ${changes.length} shuffles move the probability of **${predicted}** by at most ${points(median)}, and none by more than ${points(largest)}.`;
  return `${moves} ${decision} ${permutationVerdict(median, flips)}`;
}

function permutationVerdict(median: number, flips: number): string {
  const little = points(littleChange);
  if (median > littleChange) {
    return `The middle of the changes is above ${little}, which we call little: here it matters which words have the attention.`;
  }
  const opening = `The middle of the changes is little (at most ${little})`;
  return flips === 0
    ? `${opening}: it hardly matters which words have the attention.`
    : `${opening}, but it is not so for every shuffle: most words may have the attention, some may not.`;
}

/** What the paper's search found; undefined where it found nothing. */
export function describeSearch(found: AttackedText | undefined, tokens: readonly string[], epsilon: number): string {
  if (tokens.length < 2) return "There is one word, and so only one attention: the search can but find it again.";
  if (!found) {
    return `The search found no attention that keeps the probability within ${points(epsilon)}. That does not mean that there is none: see the next step.`;
  }
  const [own, other] = [found.attention, found.adversarial];
  const before =
    firstOf(tokens, own) === firstOf(tokens, other)
      ? `at the same word (${percent(Math.max(...own))})`
      : `at ${largestOf(tokens, own)}`;
  return `The search found an attention with its largest share at ${largestOf(tokens, other)}; the model's own has it ${before}. ${effectOf(found)}`;
}

/** The furthest attention, and how much of it the search missed. */
export function describeFurthest(
  furthest: AttackedText,
  found: AttackedText | undefined,
  tokens: readonly string[],
): string {
  if (tokens.length < 2) return "There is one word, and so only one attention.";
  const support = tokens.flatMap((_, place) => {
    const weight = furthest.adversarial[place]!;
    return weight > 0 ? [`${percent(weight)} at ${nameOf(tokens, place)}`] : [];
  });
  const where = support.length <= 2 ? `has ${list(support)}` : "is the model's own: no other keeps the probability";
  const [exact, searched] = [furthest.jsd.toFixed(3), found?.jsd.toFixed(3)];
  const missed =
    searched === undefined
      ? "The search had found nothing."
      : `The search had come to ${searched}, so it missed ${Math.max(0, Number(exact) - Number(searched)).toFixed(3)}.`;
  return `The furthest attention ${where}. ${effectOf(furthest)} ${missed}`;
}

function effectOf({
  predicted,
  probability,
  adversarialProbability,
  attention,
  adversarial,
  jsd,
}: AttackedText): string {
  const decision =
    adversarialProbability < 0.5 ? "a small step, but across one half: the decision changes" : "the decision stays";
  const moved = percent(totalVariation(attention, adversarial), 0);
  const far = jsd >= farJsd ? "far from the model's own" : "not far from the model's own";
  return (
    `The probability of **${predicted}** goes from ${percent(probability)} to ${percent(adversarialProbability)}: ${decision}. ` +
    `Of the attention, ${moved} stands at other words than before; the JSD is ${jsd.toFixed(3)}, ${far}.`
  );
}

/** How well the attention of each of two models agrees with importance on the same text. */
export function describeEncoders(
  bilstm: Decision & { words: readonly WordRow[] },
  average: Decision & { words: readonly WordRow[] },
): string {
  const decisions =
    bilstm.predicted === average.predicted
      ? `Both models say **${bilstm.predicted}** (${percent(bilstm.probability)} and ${percent(average.probability)}).`
      : `The BiLSTM says **${bilstm.predicted}** (${percent(bilstm.probability)}), the average model **${average.predicted}** (${percent(average.probability)}).`;
  if (bilstm.words.length < 2) return `${decisions} With one word there is no order to compare.`;
  const [gradients, removals] = (["gradient", "leaveOneOut"] as const).map((measure) =>
    [bilstm, average].map(({ words }) => {
      const columns = columnsOf(words);
      return kendallTau(columns.attention, columns[measure]);
    }),
  );
  const pair = ([first, second]: KendallResult[]) =>
    `${tauText(first!)} with the BiLSTM and ${tauText(second!)} with the average model`;
  const taus = `τ of attention and gradient is ${pair(gradients!)}; τ of attention and leave-one-out is ${pair(removals!)}.`;
  const isMissing = [...gradients!, ...removals!].some(({ kind }) => kind === "undefined");
  const missing = isMissing ? " (It is undefined where all words have the same value.)" : "";
  return `${decisions} ${taus}${missing} ${encoderVerdict([gradients!, removals!])}`;
}

function tauText(result: KendallResult): string {
  return result.kind === "defined" ? signed(result.tau) : "undefined";
}

function encoderVerdict(measures: readonly KendallResult[][]): string {
  const higher = measures.map(([bilstm, average]) => {
    if (bilstm!.kind === "undefined" || average!.kind === "undefined") return undefined;
    return average!.tau > bilstm!.tau;
  });
  if (higher.includes(undefined)) return "So this text cannot tell which of them agrees better.";
  if (higher.every(Boolean))
    return "So the attention of the simpler model agrees better with both measures, as the paper finds in general.";
  if (higher.some(Boolean)) return "So the simpler model agrees better with one measure, but not with the other.";
  return "So for this review it is not the simpler model that agrees better; the paper finds the opposite in general.";
}

/** How long a text is beside those that the model has learned from. */
export function describeLength(tokens: readonly string[], train: readonly { tokens: readonly string[] }[]): string {
  const usual = train.reduce((sum, example) => sum + example.tokens.length, 0) / train.length;
  const ratio = tokens.length / usual;
  const beside = ratio > 1.5 ? "longer than" : ratio < 0.67 ? "shorter than" : "about as long as";
  return `Your review has ${counted(tokens)}; those that the model learned from have ${usual.toFixed(1)} on average, so it is ${beside} these.`;
}

function counted(tokens: readonly string[]): string {
  return tokens.length === 1 ? "1 word" : `${formatNumber(tokens.length, 0)} words`;
}

/** What an attack did to the output, in a sentence. */
export function describeAttack({
  predicted,
  probability,
  adversarialProbability,
  jsd,
}: Omit<AttackedText, "attention" | "adversarial">): string {
  return (
    `The model says **${predicted}** with probability ${probability.toFixed(3)}, and ${adversarialProbability.toFixed(3)} ` +
    `with the adversarial attention, at a JSD of ${jsd.toFixed(3)}.`
  );
}

/** The columns of words of which there are at least two, so that leave-one-out is known. */
function columnsOf(words: readonly WordRow[]) {
  return {
    attention: words.map(({ attention }) => attention),
    gradient: words.map(({ gradient }) => gradient),
    leaveOneOut: words.map(({ leaveOneOut }) => leaveOneOut!),
  };
}

/** The word with the largest weight, or that there is none. */
function firstOf(tokens: readonly string[], weights: readonly number[]): string {
  const largest = Math.max(...weights);
  const places = tokens.flatMap((_, place) => (weights[place] === largest ? [place] : []));
  if (places.length === tokens.length) return "no word before another";
  return places.length === 1
    ? nameOf(tokens, places[0]!)
    : list(places.slice(0, 3).map((place) => nameOf(tokens, place)));
}

/** The word with the largest weight, and its share. */
function largestOf(tokens: readonly string[], weights: readonly number[]): string {
  return `${firstOf(tokens, weights)} (${percent(Math.max(...weights))})`;
}

/** The word, with its place where the text has it more than once. */
function nameOf(tokens: readonly string[], place: number): string {
  const word = tokens[place]!;
  const isAlone = tokens.indexOf(word) === tokens.lastIndexOf(word);
  return isAlone ? code(word) : `${code(word)} (word ${place + 1})`;
}
