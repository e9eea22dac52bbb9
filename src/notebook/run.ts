import { join } from "node:path";
import { findCorpus, loadDataset } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { resultsFolder } from "../paths";
import type { ComputedProfile, ModelConfig, Profile } from "../study/config";
import { readStudy, type Study } from "../study/files";
import { obtainModel, type TrainedModel } from "../study/obtainModel";
import { extentOf } from "../study/profiles";
import { readReleased } from "../study/released";
import { runStudy, type StudyJob, type StudyProgress } from "../study/run";
import { interruptible } from "./interrupt";
import { type ProgressBar, progressBar } from "./progress";

/**
 * One corpus and model with all analyses, one row per text, under a progress bar in the cell.
 *
 * "quick" and "paper" train the model and analyse the test split, or read the rows back if that was done before; the stop
 * button ends it, what is finished is kept, and running the cell again goes on from there. "released" reads the rows that
 * come with the project and computes nothing.
 *
 * @param corpus a name that `npm run corpora` lists, or a file of your own: `{ path, options: { columns } }`
 * @param options encoder, attention, seed, epochs and so on; the profile's values for what is not given
 * @returns its `rows`, `scores`, `classNames` and all that tells what they are of
 *
 * @example const { rows, scores } = await study("quick", "reviews", { encoder: "bilstm", attention: "additive", seed: 0 })
 * @throws UserError for a wrong name or option, released rows that are not there, and when stopped
 */
export async function study(
  profile: Profile,
  corpus: StudyJob["corpus"],
  options: Partial<ModelConfig> = {},
): Promise<Study> {
  const name = typeof corpus === "string" ? corpus : corpus.path;
  if (profile === "released") return readReleased(name, options);
  const out = join(resultsFolder, "study", profile);
  return withBar(labelOf(name, options), describeStudy, async (bar, signal) => {
    const job = { corpus, profile, options, analysis: {}, out, distinct: true };
    const onProgress = (progress: StudyProgress) => bar.update(inWhole(progress));
    const { folder, wasThere } = await runStudy(job, { signal, onProgress });
    return { ...(await readStudy(folder)), wasThere };
  });
}

/** Where each stage of a study begins and ends in the whole: of 100. */
const places = { reading: [0, 0], training: [0, 60], analysing: [60, 100] } as const;

function inWhole({ stage, done, total, note }: StudyProgress) {
  const [from, to] = places[stage];
  const within = stage === "analysing" ? `${done} of ${total} texts analysed` : note;
  return { done: from + ((to - from) * done) / Math.max(1, total), total: 100, note: within ?? stage };
}

function describeStudy({ wasThere, rows, about }: Study & { wasThere: boolean }): string {
  const how = wasThere ? "read back" : "trained and analysed";
  return `${how}, ${about.log.length} epochs, ${rows.length} texts`;
}

/**
 * The model of a corpus, under a progress bar in the cell: read from the cache folder if it was trained before, for
 * example by `study` with the same options, else trained.
 *
 * The stop button ends the training; finished epochs are kept, and running the cell again goes on from there.
 *
 * @example const { dataset, model } = await train("quick", "reviews", { encoder: "bilstm", attention: "additive" })
 * @throws UserError for a wrong name or option, and when stopped
 */
export async function train(
  profile: ComputedProfile,
  corpus: string,
  options: Partial<ModelConfig> = {},
): Promise<TrainedModel & { dataset: Dataset }> {
  const extent = extentOf(profile, findCorpus(corpus));
  const label = `Model of ${labelOf(corpus, options)}`;
  return withBar<TrainedModel & { dataset: Dataset }>(label, describeTraining, async (bar, signal) => {
    const dataset = await loadDataset(corpus, { limit: extent.limit });
    const trained = await obtainModel(
      dataset,
      { ...extent.options, ...options },
      {
        signal,
        onProgress: ({ epoch, epochs, done, total, loss, devScore }) => {
          const auc = devScore === undefined ? "" : `, dev score ${devScore.toFixed(3)}`;
          bar.update({ done, total, note: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}${auc}` });
        },
      },
    );
    return { dataset, ...trained };
  });
}

function describeTraining({ log, source }: TrainedModel): string {
  const best = log.slice(1).reduce((top, epoch) => (epoch.devScore > top.devScore ? epoch : top));
  const how = source === "cache" ? "read from the cache" : "trained";
  return `${how}, ${log.length} epochs, best dev score ${best.devScore.toFixed(3)} after epoch ${best.epoch}`;
}

/** As in "reviews, bilstm, additive, seed 0": what is given. */
function labelOf(corpus: string, { encoder, attention, seed }: Partial<ModelConfig>): string {
  const names = [corpus, encoder, attention, seed === undefined ? undefined : `seed ${seed}`];
  return names.filter((name) => name !== undefined).join(", ");
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
