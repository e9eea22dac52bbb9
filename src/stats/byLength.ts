import { UserError } from "../errors";
import { significanceLevel } from "./correlationSummary";
import { kendallTau } from "./kendall";
import { smallestSignificantTau } from "./significance";
import { bootstrapMeanInterval, mean, quantile } from "./summary";

/** A column of texts of about the same length. */
export type LengthBin = {
  /** Mean number of words of the texts. */
  words: number;
  shortest: number;
  longest: number;
  /** Texts with a value. */
  n: number;
  mean: number;
  /** The 95 % bootstrap interval of the mean over texts; undefined for a single one. */
  low: number | undefined;
  high: number | undefined;
};

/**
 * The mean of a column over the length of texts, in bins that hold about as many texts each.
 *
 * Texts of one length are never parted, so there are fewer bins where few lengths occur. A text without a value is left
 * out.
 *
 * @param column as in "tauGradient"
 * @throws UserError for fewer than one bin
 */
export function byLength<Name extends string>(
  rows: readonly ({ words: number } & { [name in Name]?: number | undefined })[],
  column: Name,
  { bins = 5 }: { bins?: number } = {},
): LengthBin[] {
  return binByWords(valuesWithWords(rows, column), bins).map((members) => {
    const values = members.map(({ value }) => value);
    const [low, high] = bootstrapMeanInterval(values) ?? [];
    return { ...lengthsOf(members), n: members.length, mean: mean(values), low, high };
  });
}

/** The significant correlations among texts of about the same length. */
export type SignificanceBin = Pick<LengthBin, "words" | "shortest" | "longest" | "n"> & {
  /** Share of the texts with p <= .05. */
  significant: number;
  /** Share that texts of these lengths would have if τ were spread at every length as it is over all texts. */
  atSameTau: number;
};

/**
 * The share of significant correlations over the length of texts, beside what length alone makes of it.
 *
 * For the second share each text of a bin is given the τ of every text in turn, and it counts whether this τ is
 * significant at the text's own length (as without ties). Where the two shares rise together, the rise says nothing of a
 * closer agreement. Texts without a τ are left out.
 *
 * @param column of the correlation, as in "tauGradient"; its p-value is in "tauGradientPValue"
 */
export function significanceByLength<Name extends string>(
  rows: readonly ({ words: number } & { [name in Name | `${Name}PValue`]?: number | undefined })[],
  column: Name,
  { bins = 5 }: { bins?: number } = {},
): SignificanceBin[] {
  const texts = rows.flatMap((row) => {
    const columns = row as { [name: string]: number | undefined };
    const [tau, pValue] = [columns[column], columns[`${column}PValue`]];
    return tau === undefined || pValue === undefined ? [] : [{ words: row.words, tau, pValue }];
  });
  const shares = new Map<number, number>();
  for (const { words } of texts) {
    if (shares.has(words)) continue;
    const smallest = smallestSignificantTau(words) ?? Number.POSITIVE_INFINITY;
    shares.set(words, texts.filter(({ tau }) => Math.abs(tau) >= smallest).length / texts.length);
  }
  return binByWords(texts, bins).map((members) => ({
    ...lengthsOf(members),
    n: members.length,
    significant: members.filter(({ pValue }) => pValue <= significanceLevel).length / members.length,
    atSameTau: mean(members.map(({ words }) => shares.get(words)!)),
  }));
}

/** How a column goes with the length of texts: Kendall's τ-b over texts is the size, p the significance. */
export interface LengthRelation {
  /** Texts with a value. */
  n: number;
  /** From -1 (always lower in a longer text) to 1; undefined where all texts have one length or one value. */
  tau: number | undefined;
  pValue: number | undefined;
}

/** The rank correlation of a column with the number of words, over texts that have a value. */
export function relationToLength<Name extends string>(
  rows: readonly ({ words: number } & { [name in Name]?: number | undefined })[],
  column: Name,
): LengthRelation {
  const texts = valuesWithWords(rows, column);
  const result = kendallTau(
    texts.map(({ words }) => words),
    texts.map(({ value }) => value),
  );
  if (result.kind === "undefined") return { n: texts.length, tau: undefined, pValue: undefined };
  return { n: texts.length, tau: result.tau, pValue: result.pValue };
}

/** A column of the texts that have a value in it, with their number of words. */
export function valuesWithWords<Name extends string>(
  rows: readonly ({ words: number } & { [name in Name]?: number | undefined })[],
  column: Name,
): { words: number; value: number }[] {
  return rows.flatMap((row) => {
    const value = (row as { [name in Name]?: number | undefined })[column];
    return value === undefined ? [] : [{ words: row.words, value }];
  });
}

/** Texts in bins between quantiles of their number of words; empty bins are left out. */
function binByWords<Text extends { words: number }>(texts: readonly Text[], bins: number): Text[][] {
  if (!Number.isSafeInteger(bins) || bins < 1) {
    throw new UserError(`Texts are put into at least 1 bin of lengths, but ${bins} came.`);
  }
  const words = texts.map((text) => text.words);
  const ends = Array.from({ length: bins }, (_, bin) => quantile(words, (bin + 1) / bins));
  return ends
    .map((end, bin) => texts.filter((text) => text.words <= end && (bin === 0 || text.words > ends[bin - 1]!)))
    .filter((members) => members.length > 0);
}

function lengthsOf(texts: readonly { words: number }[]): Pick<LengthBin, "words" | "shortest" | "longest"> {
  const words = texts.map((text) => text.words);
  return { words: mean(words), shortest: Math.min(...words), longest: Math.max(...words) };
}
