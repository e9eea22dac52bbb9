import { intervention } from "../intervention";

/**
 * The words with most attention lose it, and the others share it in their proportions (Serrano & Smith 2019); a text in
 * which no attention is left has no value.
 *
 * @param share of the words, rounded, but one word at least
 */
export function erasing<const Name extends string>(name: Name, share: number) {
  return intervention(name, {
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
}

/** A tenth. */
export const eraseTop = erasing("eraseTop", 0.1);
