import { bootstrapMeanInterval, mean } from "./summary";

/** The ε at which the exact ε-max JSD is computed, from a tenth of the paper's to ten times it, and where it stands in a row. */
export const exactColumns = [
  { epsilon: 0.001, column: "exactJsd001" },
  { epsilon: 0.002, column: "exactJsd002" },
  { epsilon: 0.005, column: "exactJsd005" },
  { epsilon: 0.01, column: "exactJsd01" },
  { epsilon: 0.02, column: "exactJsd02" },
  { epsilon: 0.05, column: "exactJsd05" },
  { epsilon: 0.1, column: "exactJsd1" },
] as const;

/** The global ε-max JSD of one text for each ε, in nats; undefined but in classification, where the decoder is linear. */
export type ExactColumns = { [Name in (typeof exactColumns)[number]["column"]]: number | undefined };

/** The exact ε-max JSD of one predicted class at one ε. */
export type ExactPoint = {
  class: string;
  /** Total variation of the output that counts as unchanged. */
  epsilon: number;
  /** Texts. */
  n: number;
  /** The mean over the texts, in nats. */
  jsd: number;
  /** Its 95 % bootstrap interval over texts; undefined for fewer than two. */
  jsdLow: number | undefined;
  jsdHigh: number | undefined;
};

/**
 * The mean exact ε-max JSD of each predicted class as a curve over ε, rising in ε; a class without a text that has one is
 * left out, so of texts with a question there is no point at all.
 */
export function exactCurve(
  rows: readonly ({ predicted: string } & ExactColumns)[],
  classNames: readonly string[],
): ExactPoint[] {
  return classNames.flatMap((name) => {
    const members = rows.filter(({ predicted }) => predicted === name);
    return exactColumns.flatMap(({ epsilon, column }) => {
      const values = members.flatMap((row) => row[column] ?? []);
      if (values.length === 0) return [];
      const interval = bootstrapMeanInterval(values);
      return [
        { class: name, epsilon, n: values.length, jsd: mean(values), jsdLow: interval?.[0], jsdHigh: interval?.[1] },
      ];
    });
  });
}
