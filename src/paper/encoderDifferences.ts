import { UserError } from "../errors";
import { type PairedDifference, pairedDifference } from "../stats/pairedDifference";
import { mean } from "../stats/summary";

/** One trained model with the values of its texts. */
export interface PairedRun<Name extends string> {
  encoder: string;
  attention: string;
  seed: number;
  rows: readonly ({ id: string } & { [name in Name]?: number | undefined })[];
}

/** The difference per text between two runs of one attention, or between the means of several. */
export type RunDifference = PairedDifference & {
  /** As in "average − bilstm, seed 0", "average − bilstm, 3 seeds" or "bilstm, seed 1 − seed 0". */
  pair: string;
  attention: string;
  /** Whether the two differ in the encoder (figure 5 of the paper) or, as the yardstick, in the seed alone. */
  kind: "encoder" | "seed";
};

/**
 * How far a column is apart per text between the average encoder and the BiLSTM of the same seed, as in the paper's
 * figure 5, and between any two seeds of one of them: what a difference between encoders has to exceed.
 *
 * @param column as in "tauLeaveOneOut"
 * @throws UserError when no attention and seed has runs of both encoders
 */
export function encoderDifferences<Name extends string>(
  runs: readonly PairedRun<Name>[],
  column: Name,
): RunDifference[] {
  const encoders = runs.flatMap((run) => {
    const other = runs.find((each) => each.encoder === "bilstm" && sameTraining(each, run));
    if (run.encoder !== "average" || other === undefined) return [];
    return [differ(run, other, column, { pair: `average − bilstm, seed ${run.seed}`, kind: "encoder" })];
  });
  if (encoders.length === 0) {
    throw withoutPair(runs);
  }
  const compared = runs.filter(({ encoder }) => encoder === "average" || encoder === "bilstm");
  const seeds = compared.flatMap((run) =>
    compared
      .filter(({ encoder, attention, seed }) => {
        return encoder === run.encoder && attention === run.attention && seed < run.seed;
      })
      .map((other) =>
        differ(run, other, column, { pair: `${run.encoder}, seed ${run.seed} − seed ${other.seed}`, kind: "seed" }),
      ),
  );
  return [...encoders, ...seeds];
}

/**
 * The difference per text between the average encoder and the BiLSTM over all seeds, one row for each attention: each
 * text has the mean over the seeds, of which those count where both encoders have a run.
 *
 * A text that has no value in one of the runs is left out. The interval is over texts, not over seeds.
 *
 * @throws UserError as `encoderDifferences`
 */
export function overSeeds<Name extends string>(runs: readonly PairedRun<Name>[], column: Name): RunDifference[] {
  const attentions = [...new Set(runs.map(({ attention }) => attention))];
  const rows = attentions.flatMap((attention) => {
    const [average, bilstm] = (["average", "bilstm"] as const).map((encoder) =>
      runs.filter((run) => run.encoder === encoder && run.attention === attention),
    );
    const paired = average!.filter((run) => bilstm!.some(({ seed }) => seed === run.seed));
    if (paired.length === 0) return [];
    const others = bilstm!.filter((run) => paired.some(({ seed }) => seed === run.seed));
    const pair = `average − bilstm, ${paired.length} seed${paired.length === 1 ? "" : "s"}`;
    const difference = pairedDifference(meanRows(paired, column), meanRows(others, column), column);
    return [{ pair, attention, kind: "encoder" as const, ...difference }];
  });
  if (rows.length === 0) throw withoutPair(runs);
  return rows;
}

/** Each text once, with the mean of a column over runs; undefined where one has no value. */
function meanRows<Name extends string>(
  runs: readonly PairedRun<Name>[],
  column: Name,
): ({ id: string } & { [name in Name]?: number | undefined })[] {
  const byId = runs.map(({ rows }) => new Map(rows.map((row) => [row.id, row[column] as number | undefined])));
  return runs[0]!.rows.map(({ id }) => {
    const values = byId.flatMap((values) => values.get(id) ?? []);
    const value = values.length === runs.length ? mean(values) : undefined;
    return { id, [column]: value } as { id: string } & { [name in Name]?: number | undefined };
  });
}

function sameTraining<Name extends string>(run: PairedRun<Name>, other: PairedRun<Name>): boolean {
  return run.attention === other.attention && run.seed === other.seed;
}

function differ<Name extends string>(
  run: PairedRun<Name>,
  other: PairedRun<Name>,
  column: Name,
  labels: Pick<RunDifference, "pair" | "kind">,
): RunDifference {
  return { ...labels, attention: run.attention, ...pairedDifference(run.rows, other.rows, column) };
}

function withoutPair(runs: readonly { encoder: string }[]): UserError {
  return new UserError(
    `Differences between encoders need runs of "average" and "bilstm" with the same attention and seed, but none of the ${runs.length} runs are such a pair; train both.`,
  );
}
