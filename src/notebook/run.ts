import type { CorrelationRow } from "../analysis/correlation";
import type { ModelConfig } from "../config";
import type { Dataset, Example } from "../data/dataset";
import { type CorrelationOptions, correlationRows, obtainModel, type TrainedModel } from "../experiment";
import { analyzeInstances, type InstanceOptions, type InstanceRow } from "../instances";
import type { AttentionModel } from "../model/model";
import { interruptible } from "./interrupt";
import { type ProgressBar, progressBar } from "./progress";

/**
 * Trains a model on a corpus with a progress bar in the cell, or reads it from the cache if it was trained before.
 *
 * The stop button ends the training; finished epochs are kept, and running the cell again goes on from there.
 *
 * @example const { model, log } = await train(dataset, { encoder: "bilstm", attention: "additive", seed: 0 })
 * @throws UserError for a wrong option, and when stopped
 */
export async function train(dataset: Dataset, options: Partial<ModelConfig> = {}): Promise<TrainedModel> {
  return withBar(`Training on ${dataset.corpus}`, describeTraining, (bar, signal) =>
    obtainModel(dataset, options, {
      signal,
      onProgress: ({ epoch, epochs, done, total, loss, devScore }) => {
        const auc = devScore === undefined ? "" : `, dev AUC ${devScore.toFixed(3)}`;
        bar.update({ done, total, note: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}${auc}` });
      },
    }),
  );
}

function describeTraining({ log, source }: TrainedModel): string {
  const best = log.slice(1).reduce((top, epoch) => (epoch.devScore > top.devScore ? epoch : top));
  const how = source === "cache" ? "read from the cache" : "trained";
  return `${how}, ${log.length} epochs, best dev AUC ${best.devScore.toFixed(3)} after epoch ${best.epoch}`;
}

/**
 * One row per text with τ_g and τ_loo (research question 1), with a progress bar in the cell.
 *
 * @example const rows = await correlateAttention(model, dataset.test)
 */
export async function correlateAttention(
  model: AttentionModel,
  examples: readonly Example[],
  options: CorrelationOptions = {},
): Promise<CorrelationRow[]> {
  return withBar("Gradient and leave-one-out", describeRows, (bar, signal) =>
    correlationRows(model, examples, { ...options, signal, onProgress: (progress) => bar.update(progress) }),
  );
}

function describeRows<Row>(rows: Row[]): string {
  return `${rows.length} texts`;
}

/**
 * One row per text with all analyses: τ_g and τ_loo, permutation, adversarial search and exact adversary (research
 * questions 1 and 2), with a progress bar in the cell.
 *
 * @example const rows = await analyze(model, dataset.test.slice(0, 200))
 */
export async function analyze(
  model: AttentionModel,
  examples: readonly Example[],
  options: InstanceOptions = {},
): Promise<InstanceRow[]> {
  return withBar("All analyses", describeRows, async (bar, signal) => {
    const onProgress = (share: number) =>
      bar.update({ done: Math.floor(share * examples.length), total: examples.length });
    const { rows } = await analyzeInstances(model, examples, options, { signal, onProgress });
    return rows;
  });
}

/** Work that the stop button ends, under a progress bar whose last line says what came out. */
async function withBar<Result>(
  label: string,
  describe: (result: Result) => string,
  work: (bar: ProgressBar, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const bar = progressBar(label);
  let outcome = "ended early";
  try {
    const result = await interruptible((signal) => work(bar, signal));
    outcome = describe(result);
    return result;
  } finally {
    bar.finish(outcome);
  }
}
