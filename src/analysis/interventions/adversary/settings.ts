import { z } from "zod";

/** Settings of the adversarial search; what is not given has the variant's value. */
export const searchSettings = z
  .strictObject({
    /**
     * "paper" (default): Algorithm 3 and equation 2 as printed. "code": as the authors' code does, which tolerates a fixed
     * change of the output while it searches, weighs the pairs of candidates by 2 / K² instead of 1 / (K (K - 1)), and
     * counts the own attention (JSD 0) as a candidate that always keeps the output.
     */
    variant: z.enum(["paper", "code"]).describe('"paper" (Algorithm 3 as printed) or "code" (as the authors\' code)'),
    /** K: attentions that are searched at the same time, and away from each other. Default 5. */
    candidates: z.number().int().min(1).max(1000).describe("a whole number from 1 to 1000"),
    /** λ: how much a change of the output beyond `slack` costs. Default 500. */
    lambda: z.number().finite().min(0).describe("a number from 0"),
    /** Total variation that costs nothing. Default: ε; in the code .01, with a question .005. */
    slack: z.number().finite().min(0).describe("a number from 0"),
    /** Steps of Adam (AMSGrad). Default 500. */
    steps: z.number().int().min(0).describe("a whole number from 0"),
    /** Whether also every single word with all of the weight is tried, as it is. Default false, as in paper and code. */
    corners: z.boolean().describe("true or false"),
  })
  .partial();
export type SearchSettings = z.infer<typeof searchSettings>;
