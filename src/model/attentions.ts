import type { AttentionName } from "../study/config";
import { additiveAttention } from "./additiveAttention";
import type { Attention } from "./attention";
import { dotAttention } from "./dotAttention";

/** Every attention mechanism by its name. */
export const attentions: Record<AttentionName, Attention> = {
  additive: additiveAttention,
  dot: dotAttention,
};
