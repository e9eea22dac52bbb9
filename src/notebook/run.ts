import type { CorrelationRow } from "../analysis/correlation";
import type { ModelConfig } from "../config";
import type { Dataset, Example } from "../data/dataset";
import { type CorrelationOptions, correlationRows, obtainModel, type TrainedModel } from "../experiment";
import type { AttentionModel } from "../model/model";
import { interruptible } from "./interrupt";
import { progressBar } from "./progress";

/**
 * Trains a model on a corpus with a progress bar in the cell, or reads it from the cache if it was trained before.
 *
 * The stop button ends the training; finished epochs are kept, and running the cell again goes on from there.
 *
 * @example const { model, log } = await train(dataset, { encoder: "bilstm", attention: "additive", seed: 0 })
 * @throws UserError for a wrong option, and when stopped
 */
export async function train(dataset: Dataset, options: Partial<ModelConfig> = {}): Promise<TrainedModel> {
  const bar = progressBar(`Training on ${dataset.corpus}`);
  const trained = await interruptible((signal) =>
    obtainModel(dataset, options, {
      signal,
      onProgress: ({ epoch, epochs, done, total, loss, devAuc }) => {
        const auc = devAuc === undefined ? "" : `, dev AUC ${devAuc.toFixed(3)}`;
        bar.update({ done, total, note: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}${auc}` });
      },
    }),
  );
  const best = trained.log.slice(1).reduce((top, epoch) => (epoch.devAuc > top.devAuc ? epoch : top));
  const how = trained.source === "cache" ? "read from the cache" : "trained";
  bar.finish(`${how}, ${trained.log.length} epochs, best dev AUC ${best.devAuc.toFixed(3)} after epoch ${best.epoch}`);
  return trained;
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
  const bar = progressBar("Gradient and leave-one-out");
  const rows = await interruptible((signal) =>
    correlationRows(model, examples, { ...options, signal, onProgress: (progress) => bar.update(progress) }),
  );
  bar.finish(`${rows.length} texts`);
  return rows;
}
