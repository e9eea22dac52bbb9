import type { Measure } from "../measure";

export const entropy: Measure<"entropy"> = {
  name: "entropy",
  symbol: "H",
  title: "entropy of attention",
  meaning:
    "How evenly the words share the attention: −Σ α ln α by ln of the number of words, 0 where one word has it all and 1 where all have the same; undefined for one word.",
  range: [0, 1],
  version: 1,
  of({ attention }) {
    if (attention.length < 2) return undefined;
    if (attention.every((weight) => weight === attention[0])) return 1;
    const nats = attention.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log(weight) : sum), 0);
    return Math.min(1, nats / Math.log(attention.length));
  },
};
