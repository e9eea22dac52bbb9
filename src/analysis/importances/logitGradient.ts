import { predictedLabel } from "../../model/predict";
import { encodeExample } from "../../model/vocabulary";
import { wordGradients } from "../../model/wordGradient";
import type { Importance } from "../importance";

/** As the gradient, but of the logit, which does not saturate; in classification it ranks the words the same otherwise. */
export const logitGradient: Importance<"logitGradient"> = {
  name: "logitGradient",
  symbol: "lg",
  title: "gradient of the logit",
  meaning:
    "The derivative of the predicted class's logit by the word's presence, without its sign; the attention is held fixed.",
  version: 1,
  async compute({ model, texts, predictions }) {
    const encoded = texts.map((text) => encodeExample(model.vocabulary, text));
    const gradients = await wordGradients(model, encoded, {
      output: "logit",
      labels: predictions.map(predictedLabel),
    });
    return gradients.map((ofText) => ofText.map(Math.abs));
  },
};
