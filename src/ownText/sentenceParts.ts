/** Words, numbers and lists as they stand in sentences of Markdown. */

/** As Markdown shows it unchanged: in a code span, with more backticks around it than it has inside. */
export function code(word: string): string {
  const longest = Math.max(0, ...[...word.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${word} ${fence}` : `${fence}${word}${fence}`;
}

/** A share; what is not all but near all does not read as all, nor the least share as nothing. */
export function percent(share: number, digits = 1): string {
  if (share === 0 || share === 1) return `${100 * share} %`;
  const step = 10 ** -digits;
  if (share < 0.005 * step) return `less than ${step} %`;
  if (100 * share > 100 - step / 2) return `more than ${(100 - step).toFixed(digits)} %`;
  return `${(100 * share).toFixed(digits)} %`;
}

/** A difference of two percentages; what is not nothing does not read as nothing. */
export function points(share: number): string {
  if (share > 0 && share < 0.0005) return "less than 0.1 percentage points";
  const value = (100 * share).toFixed(1).replace(/\.0$/, "");
  return `${value} ${value === "1" ? "percentage point" : "percentage points"}`;
}

/** A correlation, with a true minus sign and none before 0.00. */
export function signed(tau: number): string {
  return tau
    .toFixed(2)
    .replace(/^-(?=.*[1-9])/, "−")
    .replace(/^-/, "");
}

/** As in "a, b and c". */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** Sizes of τ from which on an agreement is called so: of 100 pairs of words, 75, 65 or 55 are ordered alike. */
const strengths = { strong: 0.5, moderate: 0.3, weak: 0.1 } as const;

/** "strong agreement", "moderate agreement", "weak agreement" or "no agreement", with "disagreement" below 0. */
export function agreementWords(tau: number): string {
  const strength = (["strong", "moderate", "weak"] as const).find((word) => Math.abs(tau) >= strengths[word]);
  return strength === undefined ? "no agreement" : `${strength} ${tau < 0 ? "disagreement" : "agreement"}`;
}
