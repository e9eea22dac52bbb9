import type { Measure } from "../measure";

export const maxAttention: Measure<"maxAttention"> = {
  name: "maxAttention",
  symbol: "max α",
  title: "largest attention weight",
  meaning: "The attention of the word that has most of it.",
  range: [0, 1],
  version: 1,
  of: ({ attention }) => attention.reduce((largest, weight) => Math.max(largest, weight), 0),
};
