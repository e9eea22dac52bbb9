import { outputsUnder } from "../../model/imposedRemovals";
import { probabilityGradients } from "../../model/wordGradient";
import { importance } from "../importance";

/** g_t = |Σ_w 1[x_tw = 1] ∂ŷ/∂x_tw| with the attention held fixed (paper, Algorithm 1). */
export const gradient = importance("gradient", {
  symbol: "g",
  title: "gradient",
  meaning:
    "The derivative of the predicted class's probability by the word's presence, without its sign; the attention is held fixed.",
  whenZero: "saturated output",
  version: 1,
  compute: (texts) => probabilityGradients(texts),
  async under({ model, texts, onProgress, signal }, attentions) {
    const outputs = await outputsUnder(model, texts, attentions);
    const values = texts.map((): number[][] => []);
    const weightings = attentions[0]?.length ?? 0;
    for (let weighting = 0; weighting < weightings; weighting++) {
      signal?.throwIfAborted();
      const attention = attentions.map((ofText) => ofText[weighting]!);
      const predictions = outputs.map((ofText) => ({ output: Array.from(ofText[weighting]!, Math.fround) }));
      const gradients = await probabilityGradients({ model, texts, predictions }, { attention });
      for (const [index, ofText] of gradients.entries()) values[index]!.push(ofText);
      onProgress?.((weighting + 1) / weightings);
    }
    return values;
  },
});
