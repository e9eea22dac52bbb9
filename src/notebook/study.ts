import { counted } from "../counted";
import { tokenizeFor } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { UserError } from "../errors";
import type { EpochLog, TrainingProgress } from "../model/train";
import { derivedColumns } from "../paper/derivedColumns";
import { studiesFolder } from "../paths";
import { type AnalysisOptions, analysisWords, columnsOf, resolveAnalysis } from "../study/analysis";
import { defineColumns } from "../study/columns";
import type { ComputedProfile, Profile } from "../study/config";
import { askedName, type Combination, combinationsOf, type Design, loadStudied, questionsAlone } from "../study/design";
import { type RowsFrom, readExchange } from "../study/exchange";
import { makeStudy, type StudyProgress } from "../study/makeStudy";
import { obtainModel, type TrainedModel } from "../study/obtainModel";
import { besideOtherRuns } from "../study/otherRuns";
import { readReleased } from "../study/released";
import type { RowOf } from "../study/row";
import { type MissingConfiguration, Runs } from "../study/runs";
import type { Study } from "../study/study";
import { withProgress } from "./progress";

/**
 * Every combination of a design, trained and analysed, one row a text, under one line of progress in the cell.
 *
 * "quick" and "paper" train the models and analyse the test split, or read back what was done before; the stop button ends
 * it, what is finished is kept, and running the cell again goes on from there. "released" reads the rows that come with the
 * project and computes nothing that needs a model.
 *
 * @param design the corpora, and options of the model: `encoder`, `attention`, `seed`, `epochs` and so on; each may be a
 *   list, and what is not given has the profile's value
 * @param analysis importances, interventions, measures and settings beside the paper's
 * @returns `configurations`, `rows`, and what was asked for and is not there
 *
 * @example const runs = await study("quick", { corpus: ["reviews", "mails"], encoder: ["bilstm", "average"], seed: [0, 1] })
 * @throws UserError for a wrong name or option, when nothing of it is released, and when stopped
 */
export async function study<const Options extends AnalysisOptions = Record<never, never>>(
  profile: Profile,
  design: Design,
  analysis?: Options,
): Promise<Runs<RowOf<Options>>> {
  const options: AnalysisOptions = analysis ?? {};
  defineColumns([...columnsOf(resolveAnalysis(options)), ...derivedColumns]);
  const combinations = combinationsOf(design);
  const { jobs, missing } =
    profile === "released" ? await readAll(combinations, options) : await makeAll(profile, combinations, options);
  if (jobs.size === 0) throw new UserError(missing[0]!.reason);
  const named = new Map([...jobs].map(([{ name }, combination]) => [name, combination]));
  const studies = [...jobs.keys()];
  const beside = profile === "released" ? studies : await besideOtherRuns(studies);
  const runs = new Runs(beside, missing, analysisWords(options), {
    extend: (added) => study(profile, design, merged(options, added)),
    model: async ({ name }) => {
      if (profile === "released") {
        throw new UserError(
          `The model of ${name} was asked for, but released rows come without their models; choose the profile "quick" or "paper".`,
        );
      }
      const { corpus, options } = named.get(name)!;
      return (await train(profile, corpus, options)).model;
    },
    tokenize: ({ name }, sentence) => tokenizeFor(named.get(name)!.corpus, sentence),
  });
  return runs as unknown as Runs<RowOf<Options>>;
}

/**
 * Rows from elsewhere as runs, each file a training run: what another program says of some texts and its model's attention
 * over their words. Figures, tables, measures, the report and those claims that need no model take them as ours.
 *
 * @param paths Parquet files or JSON lines with the columns of a study's own `texts.parquet`; see README
 * @param from corpus, encoder and attention as they are to be called, and the order of the classes
 * @param analysis importances, interventions and measures beside the paper's
 * @example const bert = await readTexts("bert.parquet", { corpus: "reviews", encoder: "bert" })
 * @throws UserError with the row for what is missing or cannot be
 */
export async function readTexts<const Options extends AnalysisOptions = Record<never, never>>(
  paths: string | readonly string[],
  from: RowsFrom = {},
  analysis?: Options,
): Promise<Runs<RowOf<Options>>> {
  const options: AnalysisOptions = analysis ?? {};
  const files = typeof paths === "string" ? [paths] : paths;
  const studies = await Promise.all(files.map((path, seed) => readExchange(path, seed, from, options, studiesFolder)));
  defineColumns([...studies.flatMap(({ columns }) => columns), ...derivedColumns]);
  const unknown = ({ name }: Pick<Study, "name">) => {
    throw new UserError(`The model of ${name} was asked for, but its rows were read from a file; ask another study.`);
  };
  const runs = new Runs(await besideOtherRuns(studies), [], analysisWords(options), {
    extend: (added) => readTexts(paths, from, merged(options, added)),
    model: unknown,
    tokenize: unknown,
  });
  return runs as unknown as Runs<RowOf<Options>>;
}

/**
 * What runs are held against: models that see the question or the hypothesis alone and, where there are released rows of
 * them, models that were trained with uniform attention. Corpora that have neither are left out.
 *
 * @example const controls = await controlsOf(profile, { corpus, seed }); await show(claims("rq1", runs, controls));
 */
export async function controlsOf(
  profile: Profile,
  { corpus, seed = 0 }: Pick<Design, "corpus" | "seed">,
): Promise<{ configurations: readonly Study[] }> {
  const corpora = [corpus].flat();
  const asking = questionsAlone(corpora);
  const blind = asking.length === 0 ? [] : combinationsOf({ corpus: asking, encoder: "average", seed });
  if (profile === "released") {
    const uniform = combinationsOf({ corpus: corpora, encoder: "bilstm", attentionWeights: "uniform", seed });
    return { configurations: [...(await readAll([...blind, ...uniform])).jobs.keys()] };
  }
  return { configurations: blind.length === 0 ? [] : [...(await makeAll(profile, blind, {})).jobs.keys()] };
}

type Jobs = Map<Study, Combination>;

async function readAll(combinations: readonly Combination[], analysis?: AnalysisOptions) {
  const jobs: Jobs = new Map();
  const missing: MissingConfiguration[] = [];
  for (const combination of combinations) {
    try {
      jobs.set(await readReleased(combination, analysis), combination);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      missing.push({ name: askedName(combination), reason: error.message });
    }
  }
  return { jobs, missing };
}

async function makeAll(profile: ComputedProfile, combinations: readonly Combination[], analysis: AnalysisOptions) {
  const label = combinations.length === 1 ? askedName(combinations[0]!) : "study";
  const trained = new Set<Combination>();
  const describe = (jobs: Jobs) => describeStudies(jobs, trained.size);
  const jobs = await withProgress(label, describe, async (update, signal) => {
    const jobs: Jobs = new Map();
    for (const [index, combination] of combinations.entries()) {
      const onProgress = (progress: StudyProgress) => {
        const { within, note } = placeOf(progress);
        if (progress.stage === "training") trained.add(combination);
        const label = combinations.length === 1 ? "" : `${askedName(combination)}: `;
        update({ done: index + within, total: combinations.length, note: `${label}${note}` });
      };
      const job = { ...combination, profile, analysis, out: studiesFolder };
      jobs.set(await makeStudy(job, { signal, onProgress }), combination);
    }
    return jobs;
  });
  return { jobs, missing: [] };
}

/** Where each stage of a study begins and ends in the whole. */
const stages = { waiting: [0, 0], reading: [0, 0], training: [0, 0.6], analysing: [0.6, 1] } as const;

function placeOf({ stage, done, total, note }: StudyProgress) {
  const [from, to] = stages[stage];
  return { within: from + ((to - from) * done) / Math.max(1, total), note: note ?? stage };
}

function describeStudies(jobs: Jobs, trained: number): string {
  const studies = [...jobs.keys()];
  const made = studies.filter(({ source }) => source === "computed").length;
  const texts = studies.reduce((sum, { rows }) => sum + rows.length, 0);
  const unkept = [...new Set(studies.flatMap((study) => study.unkept))];
  const again = unkept.length > 0 ? `; ${unkept.join(", ")} computed anew, as without a version nothing is kept` : "";
  const ways = [
    [trained, "trained and analysed"],
    [made - trained, "analysed, the model from the cache"],
    [studies.length - made, "read back"],
  ] as const;
  const how = ways
    .filter(([count]) => count > 0)
    .map(([count, way]) => (studies.length === 1 ? way : `${count} ${way}`));
  const own = [...jobs].filter(([, { corpus }]) => typeof corpus !== "string");
  const notes = [...new Set(own.flatMap(([{ about }]) => about.corpus.notes))];
  const configurations = counted(studies.length, "configuration");
  const came = `${configurations}, ${counted(texts, "text")}: ${how.join(", ")}${again}`;
  return notes.length > 0 ? `${came}. ${notes.join(" ")}` : came;
}

function merged(options: AnalysisOptions, added: AnalysisOptions): AnalysisOptions {
  const lists = (["importances", "interventions", "measures"] as const).map((kind) => [
    kind,
    [...(options[kind] ?? []), ...(added[kind] ?? [])],
  ]);
  return { ...options, ...added, ...Object.fromEntries(lists) };
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
export function train(
  profile: ComputedProfile,
  corpus: Combination["corpus"],
  options: Combination["options"] = {},
): Promise<TrainedModel & { dataset: Dataset }> {
  const label = `Model of ${askedName({ corpus, options })}`;
  return withProgress<TrainedModel & { dataset: Dataset }>(label, describeTraining, async (update, signal) => {
    const { dataset, options: all } = await loadStudied(profile, corpus, options);
    const onProgress = ({ epoch, epochs, done, total, loss, devScore }: TrainingProgress) => {
      const auc = devScore === undefined ? "" : `, dev score ${devScore.toFixed(3)}`;
      update({ done, total, note: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}${auc}` });
    };
    const trained = await obtainModel(dataset, all, { signal, onProgress });
    return { dataset, ...trained };
  });
}

function describeTraining({ log, source }: { log: EpochLog[]; source: "trained" | "cache" }): string {
  const best = log.slice(1).reduce((top, epoch) => (epoch.devScore > top.devScore ? epoch : top));
  const how = source === "cache" ? "read from the cache" : "trained";
  return `${how}, ${counted(log.length, "epoch")}, best dev score ${best.devScore.toFixed(3)} after epoch ${best.epoch}`;
}
