import { additiveAttention } from "./additiveAttention";
import type { Attention } from "./attention";
import { dotAttention } from "./dotAttention";

/** Every attention mechanism by its name; published files call additive attention "tanh". */
export const attentions = { additive: additiveAttention, dot: dotAttention } satisfies Record<string, Attention>;

export type AttentionName = keyof typeof attentions;
