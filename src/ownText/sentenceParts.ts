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

/** A difference of two percentages, with three digits. */
export function points(share: number): string {
  const value = Number((100 * share).toPrecision(3));
  return `${value} ${value === 1 ? "percentage point" : "percentage points"}`;
}

/** As in "a, b and c". */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(items);
}
