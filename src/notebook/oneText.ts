import { UserError } from "../errors";
import { type TextHeatmap, textHeatmap } from "../figures/textHeatmap";
import { attackText, type Decision, explainText, searchText, type WordRow } from "../ownText/analyze";
import { shownLengths } from "../paper/adversaries";
import type { Runs } from "../study/runs";
import type { StudiedText, Study } from "../study/study";

/**
 * Attention, gradient and leave-one-out of every word of a sentence of your own, by the first model of the runs; of released
 * runs, which come without models, of a text that is stored.
 *
 * @example await show(await wordByWord(runs, "The food was cold, but the waiter was friendly."))
 * @throws UserError for a model that reads a question, and where no text is stored with its weights
 */
export async function wordByWord(
  runs: Runs,
  sentence: string,
): Promise<Omit<Decision, "classes"> & { words: WordRow[] }> {
  const study = firstClassifier(runs);
  if (study) return explainText(await runs.model(study), runs.tokenize(study, sentence));
  const { words, attention, importances, predicted, probability } = await storedText(runs);
  const { gradient, leaveOneOut } = importances;
  const rows = words.map((word, t) => {
    return { word, attention: attention[t]!, gradient: gradient?.[t] ?? 0, leaveOneOut: leaveOneOut?.[t] };
  });
  return { predicted, probability, words: rows };
}

/**
 * The model's attention on a sentence of your own beside other attentions that keep the output within ε: one that the
 * paper's search finds, and the furthest of all (see {@link attackText}). Of released runs, on a text that is stored.
 *
 * @param epsilon total variation of the output that counts as unchanged; default .01, the paper's
 * @throws UserError as {@link wordByWord}
 */
export async function otherAttentions(runs: Runs, sentence: string, epsilon = 0.01): Promise<TextHeatmap> {
  const title = "Other attention, the same output";
  const study = firstClassifier(runs);
  if (study === undefined) {
    const { words, attention, attentions } = await storedText(runs);
    const others = Object.entries(attentions).map(([name, weights]) => ({ label: name, weights }));
    return textHeatmap(words, [{ label: "the model's own", weights: attention }, ...others], { title });
  }
  const [model, words] = [await runs.model(study), runs.tokenize(study, sentence)];
  const [found, furthest] = [await searchText(model, words, epsilon), await attackText(model, words, epsilon)];
  const own = { label: "the model's own", weights: furthest.attention, numbers: { p: furthest.probability } };
  const rowOf = (label: string, { adversarial, attacked, predicted, jsd }: typeof furthest) => {
    return { label, weights: adversarial, numbers: { p: attacked.classes[predicted], JSD: jsd } };
  };
  const searched = found ? [rowOf("by the search", found)] : [];
  return textHeatmap(words, [own, ...searched, rowOf("the furthest", furthest)], { title });
}

/** The first configuration with a model at hand that reads no question. */
function firstClassifier({ configurations }: Runs): Study | undefined {
  if (configurations.some(({ source }) => source === "released")) return undefined;
  const study = configurations.find(({ task }) => task === "classification");
  if (study) return study;
  throw new UserError(
    "A sentence of your own needs a model that reads a text alone, but all of these read a question too; add a corpus for classification, as in reviews.",
  );
}

/** A text of a length to be read, with its words if any has them; else its words are their places. */
async function storedText({ configurations }: Runs): Promise<StudiedText & { words: readonly string[] }> {
  const [shortest, longest] = shownLengths;
  const all = await Promise.all(configurations.map((study) => study.texts()));
  const kept = all.flat().filter((text) => text !== undefined);
  const fitting = kept.filter(({ attention: { length } }) => length >= shortest && length <= longest);
  const text = fitting.find(({ words }) => words !== undefined) ?? fitting[0] ?? kept[0];
  if (text) return { ...text, words: text.words ?? text.attention.map((_, place) => `word ${place + 1}`) };
  throw new UserError(
    'No text of these runs is stored with the weights of its words; choose the profile "quick", or add a corpus that has them, as babi1.',
  );
}
