/** The four bins of a text's largest attention weight, as in the paper's figures 6 and 8. */
export const attentionBins = ["0.00-0.25", "0.25-0.50", "0.50-0.75", "0.75-1.00"] as const;

/** Which of `attentionBins` a weight is in, from 0: a bin has its lower end, the last one also 1. */
export function attentionBinOf(maxAttention: number): number {
  return Math.min(attentionBins.length - 1, Math.floor(attentionBins.length * maxAttention));
}
