import { entropy } from "./entropy";
import { heaviestWords, tauGradientHeaviest, tauLeaveOneOutHeaviest } from "./heaviestWords";
import { jsdCeiling } from "./jsdCeiling";
import { maxAttention } from "./maxAttention";
import { words } from "./words";

/** Every measure that is built in. */
export const measures = [
  words,
  maxAttention,
  entropy,
  jsdCeiling,
  heaviestWords,
  tauGradientHeaviest,
  tauLeaveOneOutHeaviest,
] as const;
