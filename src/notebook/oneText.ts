import { tokenizeFor } from "../data/catalog";
import { UserError } from "../errors";
import { type TextHeatmap, textHeatmap } from "../figures/textHeatmap";
import { attackText, type Decision, explainText, searchText, type WordRow } from "../ownText/analyze";
import { tellingTexts } from "../paper/tellingTexts";
import type { Runs } from "../study/runs";
import type { StudiedText, Study } from "../study/study";

/**
 * Attention, gradient and leave-one-out of every word of a sentence of your own, by the first model of the runs; of released
 * runs, which come without models, of a text that is stored with its words.
 *
 * @example await show(await wordByWord(runs, "The food was cold, but the waiter was friendly."))
 * @throws UserError for a model that reads a question, and where no text has its words
 */
export async function wordByWord(runs: Runs, sentence: string): Promise<Decision & { words: WordRow[] }> {
  const study = firstClassifier(runs);
  if (study) return explainText(await runs.model(study), tokenizeFor(study.corpus, sentence));
  const { words, attention, importances, predicted, probability } = await storedText(runs);
  const { gradient, leaveOneOut } = importances;
  const rows = words.map((word, t) => {
    return { word, attention: attention[t]!, gradient: gradient?.[t] ?? 0, leaveOneOut: leaveOneOut?.[t] };
  });
  return { predicted, probability, words: rows };
}

/**
 * The model's attention on a sentence of your own beside other attentions that keep the output within ε: one that the
 * paper's search finds, and the furthest of all. Of released runs, on a text that is stored with its words.
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
  const [model, words] = [await runs.model(study), tokenizeFor(study.corpus, sentence)];
  const [found, furthest] = [await searchText(model, words, epsilon), await attackText(model, words, epsilon)];
  const own = { label: "the model's own", weights: furthest.attention, numbers: { p: furthest.probability } };
  const rows = [
    ...(found ? [{ label: "by the search", attack: found }] : []),
    { label: "the furthest", attack: furthest },
  ].map(({ label, attack }) => {
    return { label, weights: attack.adversarial, numbers: { p: attack.adversarialProbability, JSD: attack.jsd } };
  });
  return textHeatmap(words, [own, ...rows], { title });
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

async function storedText(runs: Runs): Promise<StudiedText & { words: readonly string[] }> {
  for (const { study, row } of tellingTexts(runs, { furthest: 1 })) {
    const text = (await study.texts()).find((each) => each?.id === row.id);
    if (text?.words) return { ...text, words: text.words };
  }
  throw new UserError(
    'No text of these runs is stored with its words; choose the profile "quick", or a corpus whose texts may be passed on, as babi1.',
  );
}
