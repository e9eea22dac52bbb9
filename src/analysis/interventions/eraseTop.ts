import { intervention } from "../intervention";

/** Of the words, rounded, but one word at least. */
const share = 0.1;

/** The words with most attention lose it, and the others share it in their proportions (Serrano & Smith 2019). */
export const eraseTop = intervention("eraseTop", {
  title: "attention without its largest weights",
  meaning: `The ${100 * share} % of the words with most attention, one at least, lose it to the others.`,
  version: 1,
  attention({ attention }) {
    const order = [...attention.keys()].sort((t, u) => attention[u]! - attention[t]! || t - u);
    const erased = new Set(order.slice(0, Math.max(1, Math.round(share * attention.length))));
    const left = attention.map((weight, t) => (erased.has(t) ? 0 : weight));
    const sum = left.reduce((total, weight) => total + weight, 0);
    return sum > 0 ? left.map((weight) => weight / sum) : [];
  },
});
