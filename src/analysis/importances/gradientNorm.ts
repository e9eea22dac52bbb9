import { probabilityGradients } from "../../model/wordGradient";
import { importance } from "../importance";

/** ‖∂ŷ/∂x_t‖₂ (Simonyan et al. 2014; Li et al. 2016), with the attention held fixed as for the gradient. */
export const gradientNorm = importance("gradientNorm", {
  symbol: "gn",
  title: "gradient norm",
  meaning:
    "The Euclidean length of the gradient of the predicted class's probability by the word's vector; the attention is held fixed.",
  whenZero: "saturated output",
  version: 1,
  compute: (texts) => probabilityGradients(texts, { of: "norm" }),
});
