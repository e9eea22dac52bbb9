import { absoluteGradients } from "../../model/wordGradient";
import { importance } from "../importance";

const steps = 50;

/**
 * |Σ_e x_te ∫₀¹ ∂ŷ(λx)/∂x_te dλ| (Sundararajan et al. 2017), the integral by the midpoints of 50 steps from a zero vector at
 * every word; start and end of the text keep their vectors, and the attention is that of each point of the path.
 */
export const integratedGradients = importance("integratedGradients", {
  symbol: "ig",
  title: "integrated gradients",
  meaning:
    "The word's share, without its sign, in the difference of the predicted class's probability from that of zero word vectors: gradients of the whole model, attention included, at 50 points in between.",
  whenZero: "saturated output",
  version: 1,
  compute: (texts) =>
    absoluteGradients(texts, {
      output: "probability",
      attention: "recomputed",
      along: Array.from({ length: steps }, (_, step) => (step + 0.5) / steps),
    }),
});
