import { quantile } from "../../stats/summary";
import { effectsOf, type Intervention } from "../intervention";

/** All attention on one word, on each in turn: how far attention can move the output at all. */
export const oneHot: Intervention<"oneHot", "oneHotTvd" | "oneHotLargestTvd", never, never> = {
  name: "oneHot",
  title: "all attention on one word",
  meaning: "Each word in turn has all of the attention.",
  version: 1,
  columns: [
    {
      name: "oneHotTvd",
      symbol: "Δŷ one word",
      title: "median change of the output with attention on one word",
      meaning:
        "Each word in turn has all of the attention; the median total variation of the output to the model's own, from 0 to 1.",
      range: [0, 1],
      digits: 3,
    },
    {
      name: "oneHotLargestTvd",
      symbol: "largest Δŷ",
      title: "largest change of the output with attention on one word",
      meaning:
        "Each word in turn has all of the attention; the largest total variation of the output to the model's own. Where it is small, no attention moves the output.",
      range: [0, 1],
      digits: 3,
    },
  ],
  compute: (texts) =>
    texts.map((text) => {
      const changes = text.attention.map((_, word) => {
        const single = text.attention.map((_, t) => (t === word ? 1 : 0));
        return effectsOf(text, [single])[0]!.change;
      });
      return { numbers: { oneHotTvd: quantile(changes, 0.5), oneHotLargestTvd: Math.max(...changes) } };
    }),
};
