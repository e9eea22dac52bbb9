import { requireNumber } from "../../errors";
import { createRandom } from "../../stats/random";
import { effectsOf, type Intervention, summarizeEffects } from "../intervention";

/** The same attention weights at other words, a hundred times, the states held fixed (paper, Algorithm 2). */
export const permutation: Intervention<"permutation", "permutationTvd" | "permutationFlips", never, never> = {
  name: "permutation",
  title: "permuted attention",
  meaning: "The attention weights are shuffled among the words, many times.",
  version: 1,
  columns: [
    {
      name: "permutationTvd",
      symbol: "Δŷ",
      title: "median change of the output under permutation",
      meaning:
        "The attention weights are shuffled among the words, 100 times by default; the median total variation of the output to the model's own, from 0 to 1.",
      range: [0, 1],
      digits: 3,
    },
    {
      name: "permutationFlips",
      symbol: "flips",
      title: "share of permutations that flip the decision",
      meaning: "The share of the permutations of the attention under which another class is predicted.",
      range: [0, 1],
    },
  ],
  dependsOn: ({ permutations }) => ({ permutations }),
  compute: (texts, { permutations }) =>
    texts.map((text) => {
      const others = permutedAttentions(text.attention, { permutations, seed: text.seed("permutation") });
      const { change, flips } = summarizeEffects(effectsOf(text, others));
      return { numbers: { permutationTvd: change, permutationFlips: flips } };
    }),
};

/**
 * Attention weights in random orders, each order equally likely.
 *
 * @param options.permutations how many; default 100, the paper's
 * @throws UserError for fewer than one
 */
export function permutedAttentions(
  attention: readonly number[],
  { permutations = 100, seed }: { permutations?: number; seed: number | string },
): number[][] {
  requireNumber("permutations", permutations, { from: 1, integer: true });
  const random = createRandom(seed);
  return Array.from({ length: permutations }, () => random.shuffle(attention));
}
