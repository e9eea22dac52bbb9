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
  // A text stands there once for each weighting: copies of a text are read together.
  async under({ model, texts, onProgress, signal }, attentions) {
    const outputs = (await outputsUnder(model, texts, attentions)).flat();
    const copies = texts.flatMap((text, index) => attentions[index]!.map(() => text));
    const predictions = outputs.map((output) => ({ output: Array.from(output, Math.fround) }));
    const all = { model, texts: copies, predictions, onProgress, signal };
    const gradients = await probabilityGradients(all, { attention: attentions.flat() });
    return attentions.map((ofText) => gradients.splice(0, ofText.length));
  },
});
