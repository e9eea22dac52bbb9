import { importance } from "../importance";

/** The null: how far attention agrees with an order that knows nothing of the text. */
export const random = importance("random", {
  symbol: "r",
  title: "random numbers",
  meaning: "A random number from 0 to 1, drawn from the model's seed and the text's id: what agrees with nothing.",
  version: 1,
  async compute({ texts, random }) {
    return texts.map((text) => {
      const { uniform } = random(text);
      return text.tokens.map(uniform);
    });
  },
});
