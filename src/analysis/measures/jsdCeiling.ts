import type { Measure } from "../measure";
import { inNats } from "../quantity";

export const jsdCeiling: Measure<"jsdCeiling"> = {
  name: "jsdCeiling",
  symbol: "JSD ceiling",
  title: "largest JSD that there is, nats",
  meaning:
    "The largest Jensen-Shannon divergence of any attention to the model's own, whatever it does to the output: that of all weight on the lightest word a, ½ (ln(2/(1+a)) + a ln(2a/(1+a)) + (1−a) ln 2).",
  ...inNats,
  version: 1,
  of({ attention }) {
    const a = attention.reduce((least, weight) => Math.min(least, weight), 1);
    const own = a > 0 ? a * Math.log((2 * a) / (1 + a)) : 0;
    return Math.max(0, (Math.log(2 / (1 + a)) + own + (1 - a) * Math.LN2) / 2);
  },
};
