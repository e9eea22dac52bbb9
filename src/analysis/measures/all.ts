import { entropy } from "./entropy";
import { jsdCeiling } from "./jsdCeiling";
import { maxAttention } from "./maxAttention";
import { words } from "./words";

/** Every measure that is built in. */
export const measures = [words, maxAttention, entropy, jsdCeiling] as const;
