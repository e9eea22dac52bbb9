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
