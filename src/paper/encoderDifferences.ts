import { UserError } from "../errors";
import { type PairedDifference, pairedDifference } from "../stats/pairedDifference";

/** One trained model with the values of its texts. */
export interface PairedRun<Name extends string> {
  encoder: string;
  attention: string;
  seed: number;
  rows: readonly ({ id: string } & { [name in Name]?: number | undefined })[];
}

/** The difference per text between two runs of one attention. */
export type RunDifference = PairedDifference & {
  /** As in "average − bilstm, seed 0" or "bilstm, seed 1 − seed 0". */
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
    throw new UserError(
      `Differences between encoders need runs of "average" and "bilstm" with the same attention and seed, but none of the ${runs.length} runs are such a pair; train both.`,
    );
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
