import { absoluteGradients } from "../../model/wordGradient";
import { importance } from "../importance";

/** As the gradient, but of the logit, which does not saturate; in classification it ranks the words the same otherwise. */
export const logitGradient = importance("logitGradient", {
  symbol: "lg",
  title: "gradient of the logit",
  meaning:
    "The derivative of the predicted class's logit by the word's presence, without its sign; the attention is held fixed.",
  version: 1,
  compute: (texts) => absoluteGradients(texts, { output: "logit" }),
});
