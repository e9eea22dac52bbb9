import type { AttackedText, Decision, Permutation, WordRow } from "./ownText";
import { littleChange } from "./paper/counterfactual";
import { agreementWords } from "./paper/verdict";
import { code, list, percent, points, signed } from "./sentenceParts";
import { farJsd } from "./stats/adversarySummary";
import { totalVariation } from "./stats/divergence";
import { type KendallResult, kendallTau } from "./stats/kendall";
import { quantile } from "./stats/summary";

/** Sentences on one text of your own, for a reader who does not know the paper: Markdown, all numbers from the run. */

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
    return tokens.length === 1 ? "It knows the word." : `It knows all ${tokens.length} words.`;
  }
  const alike = "all words that it never saw are one and the same to it";
  if (unheard === tokens.length) {
    return `It has never seen ${unheard === 1 ? "this word" : `any of these ${unheard} words`}, and ${alike}: take this decision for a guess.`;
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
    ? `Attention, gradient and leave-one-out all put ${firsts[0]} first, with ${share} of all attention.`
    : `Attention puts ${firsts[0]} first, with ${share} of all attention; the gradient ${firsts[1]}, leave-one-out ${firsts[2]}.`;
  const taus = [
    `Kendall's τ of attention and gradient ${tauWords(byGradient)}`,
    `that of attention and leave-one-out ${tauWords(byRemoval)}`,
  ];
  return `${top} ${taus.join("; ")}. ${importanceVerdict(agree, [byGradient, byRemoval])}`;
}

function tauWords(result: KendallResult): string {
  if (result.kind === "undefined") return "does not exist here, as one of the two has the same value for every word";
  const { tau, pValue } = result;
  const alike = Math.round(50 * (1 + tau));
  return `is ${signed(tau)} (${agreementWords(tau)}: of 100 pairs of words, ${alike} stand in the same order; by chance τ is as far from 0 ${often(pValue)})`;
}

function often(pValue: number): string {
  const cases = Math.round(100 * pValue);
  return cases < 1 ? "in less than 1 of 100 cases" : `in ${cases} of 100 cases`;
}

function importanceVerdict(agree: boolean, results: readonly KendallResult[]): string {
  if (results.every(({ kind }) => kind === "undefined")) return "So this text cannot tell.";
  const strong = results.every(
    (result) => result.kind === "defined" && agreementWords(result.tau) === "strong agreement",
  );
  if (agree && strong) return "So for this review attention tells much the same as the two measures.";
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
    flips === 0 ? "The decision never changes." : `The decision changes in ${flips} of ${changes.length}.`;
  const verdict =
    median <= littleChange
      ? `That is little (at most ${points(littleChange)}): it hardly matters to the output which words have the attention.`
      : `That is more than a little (${points(littleChange)}): here it does matter to the output which words have the attention.`;
  return (
    `In half of the ${changes.length} shuffles the probability of **${predicted}** moves by at most ${points(median)}, ` +
    `and at most by ${points(Math.max(...changes))} in all. ${decision} ${verdict}`
  );
}

/** What the paper's search found; undefined where it found nothing. */
export function describeSearch(found: AttackedText | undefined, tokens: readonly string[], epsilon: number): string {
  if (tokens.length < 2) return "There is one word, and so only one attention: the search can but find it again.";
  if (!found) {
    return `The search found no attention that keeps the probability within ${points(epsilon)}. That does not mean that there is none: see the next step.`;
  }
  return `The search found an attention with most of its weight on ${firstOf(tokens, found.adversarial)}, where the model's own has it on ${firstOf(tokens, found.attention)}. ${effectOf(found)}`;
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
    return weight > 0 ? [`${percent(weight)} on ${nameOf(tokens, place)}`] : [];
  });
  const where = support.length <= 2 ? `puts ${list(support)}` : "is the model's own: no other keeps the output";
  const missed = found
    ? `The search had come to a JSD of ${found.jsd.toFixed(3)}, so it missed ${Math.max(0, furthest.jsd - found.jsd).toFixed(3)}.`
    : "The search had found nothing.";
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
  const far = jsd >= farJsd ? "far" : "not far";
  return (
    `The probability of **${predicted}** goes from ${percent(probability)} to ${percent(adversarialProbability)}: ${decision}. ` +
    `${moved} of the attention stands at other words than before; the JSD is ${jsd.toFixed(3)}, which is ${far}.`
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
      : `The BiLSTM says **${bilstm.predicted}** (${percent(bilstm.probability)}), the averaging model **${average.predicted}** (${percent(average.probability)}).`;
  if (bilstm.words.length < 2) return `${decisions} With one word there is no order to compare.`;
  const [gradients, removals] = (["gradient", "leaveOneOut"] as const).map((measure) =>
    [bilstm, average].map(({ words }) => {
      const columns = columnsOf(words);
      return kendallTau(columns.attention, columns[measure]);
    }),
  );
  const pair = ([first, second]: KendallResult[]) =>
    `${tauText(first!)} with the BiLSTM and ${tauText(second!)} with averages`;
  const taus = `τ of attention and gradient is ${pair(gradients!)}; τ of attention and leave-one-out is ${pair(removals!)}.`;
  return `${decisions} ${taus} ${encoderVerdict([gradients!, removals!])}`;
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
  const counted = tokens.length === 1 ? "1 word" : `${tokens.length} words`;
  const ratio = tokens.length / usual;
  const beside = ratio > 1.5 ? "longer than" : ratio < 0.67 ? "shorter than" : "about as long as";
  return `Your review has ${counted}; those that the model learned from have ${usual.toFixed(1)} on average, so it is ${beside} these.`;
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

/** The word, with its place where the text has it more than once. */
function nameOf(tokens: readonly string[], place: number): string {
  const word = tokens[place]!;
  const isAlone = tokens.indexOf(word) === tokens.lastIndexOf(word);
  return isAlone ? code(word) : `${code(word)} (word ${place + 1})`;
}
