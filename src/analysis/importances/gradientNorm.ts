import { encodeExample } from "../../model/vocabulary";
import { probabilityGradients } from "../../model/wordGradient";
import type { Importance } from "../importance";

/** ‖∂ŷ/∂x_t‖₂ (Simonyan et al. 2014; Li et al. 2016), with the attention held fixed as for the gradient. */
export const gradientNorm: Importance<"gradientNorm"> = {
  name: "gradientNorm",
  symbol: "gn",
  title: "gradient norm",
  meaning:
    "The Euclidean length of the gradient of the predicted class's probability by the word's vector; the attention is held fixed.",
  whenZero: "saturated output",
  version: 1,
  async compute({ model, texts, predictions }) {
    const encoded = texts.map((text) => encodeExample(model.vocabulary, text));
    const norms = await probabilityGradients(model, encoded, predictions, { of: "norm" });
    return norms.map((ofText) => ofText.map(Math.abs));
  },
};
