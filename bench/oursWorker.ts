// Runs a stage of the study for every line on standard input, its name, and answers with a line of JSON.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { explain } from "../src/analysis/importance";
import { gradient } from "../src/analysis/importances/gradient";
import { leaveOneOut } from "../src/analysis/importances/leaveOneOut";
import { loadBackend } from "../src/backend/tensorflow";
import type { Dataset, Example } from "../src/data/dataset";
import { encodeTensors, readTensors, restoreTensors } from "../src/model/checkpoint";
import type { Decoder } from "../src/model/decoder";
import type { encoders } from "../src/model/encoders";
import { type AttentionModel, createModel } from "../src/model/model";
import { type Prediction, predict } from "../src/model/predict";
import { chooseStep, createOptimizer, type Instance, tapeStep } from "../src/model/trainStep";
import { kendallTau } from "../src/stats/kendall";
import { modelConfig } from "../src/study/config";
import { obtainModel } from "../src/study/obtainModel";
import { exactAdversaryOf, onDecoders, permute, searchAll } from "./onDecoders";
import { textOption } from "./options";
import type { Work } from "./work";

const isTape = process.argv.includes("--tape");

/** What a stage computed, and the one number that stands for it, which is not part of the measured time. */
type Stage = () => Promise<() => number>;

function stagesOf(work: Work, model: AttentionModel, path: string): Record<string, Stage> {
  const optimizer = createOptimizer(model);
  const step = isTape ? tapeStep : chooseStep(model).step;
  const epoch = (batches?: number) =>
    work.batches
      .slice(0, batches)
      .reduce((loss, batch) => loss + step(model, optimizer, batch, work.positiveWeight), 0);
  epoch(20);

  const words = [...model.vocabulary.keys()];
  const examplesOf = (texts: readonly Instance[]) =>
    texts.map(({ ids, label }, index): Example => {
      return { id: String(index), tokens: ids.map((id) => words[id - 4] ?? "<unk>"), label };
    });
  const examples = examplesOf(work.texts);
  let predictions: Prediction[] = [];
  const decoders: Decoder[] = [];
  const onEach = <Result>(analyse: (decoder: Decoder, attention: number[], index: number) => Result) =>
    predictions.map(({ attention }, index) => analyse(decoders[index]!, attention, index));
  let gradients: (readonly number[])[] = [];
  let changes: (readonly number[])[] = [];
  const taus = (importance: (readonly number[])[]) =>
    predictions.map(({ attention }, index) => kendallTau(attention, importance[index]!));

  const stages: Record<string, Stage> = {
    async training() {
      const loss = epoch();
      optimizer.weights();
      return () => loss;
    },
    /** Writes the weights as they are now for the other contestant, and uses them from now on. */
    async weights() {
      const tensors = readTensors(optimizer.weights());
      const file = Buffer.concat(encodeTensors({ tensors, metadata: {} }));
      writeFileSync(join(dirname(path), "weights.safetensors"), file);
      model.weights = restoreTensors({ tensors }, model.weights);
      return () => optimizer.step;
    },
    /** With the states as the decoders see them, which permutation, search and exact adversary start from. */
    async prediction() {
      predictions = await predict(model, examples);
      await onDecoders(model, examples, predictions, (decoder, _, index) => {
        decoders[index] = decoder;
      });
      return () => mean(predictions.map(({ output }) => output[1]!));
    },
    async gradient() {
      gradients = await explain(gradient, { model, texts: examples, predictions });
      return () => meanTau(taus(gradients));
    },
    async "leave-one-out"() {
      changes = await explain(leaveOneOut, { model, texts: examples, predictions });
      return () => meanTau(taus(changes));
    },
    async permutation() {
      const results = onEach(permute);
      return () => mean(results);
    },
    async search() {
      const results = searchAll(onEach((decoder, attention, seed) => ({ decoder, attention, seed: () => `${seed}` })));
      return () => mean(results.map(({ jsd }) => jsd!));
    },
    async "exact adversary"() {
      const results = onEach(exactAdversaryOf);
      return () => mean(results.map(({ jsd }) => jsd));
    },
    async kendall() {
      const both = [gradients, changes].flatMap(taus);
      return () => meanTau(both);
    },
    /** Eight epochs with dev scores and checkpoints in a new cache folder, then every analysis. */
    async "whole configuration"() {
      process.env.XDG_CACHE_HOME = mkdtempSync(join(dirname(path), "cache-"));
      const splits = { train: examplesOf(work.batches.flat()), dev: examplesOf(work.dev), test: examples };
      const trained = await obtainModel({ ...datasetOf(model, work), ...splits });
      rmSync(process.env.XDG_CACHE_HOME, { recursive: true });
      Object.assign(model, trained.model);
      for (const name of analyses) await stages[name]!();
      return () => Math.max(...trained.log.slice(1).map(({ devScore }) => devScore));
    },
  };
  return stages;
}

const analyses = ["prediction", "gradient", "leave-one-out", "permutation", "search", "exact adversary", "kendall"];

function datasetOf(
  { vocabulary }: AttentionModel,
  { origin, task, classNames }: Work,
): Omit<Dataset, "train" | "dev" | "test"> {
  const about = { origin, licence: "", citation: "", notes: [] };
  return { corpus: "bench", title: origin, task, classNames, vocabulary: [...vocabulary.keys()], ...about };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Over the texts where it is defined. */
const meanTau = (results: readonly ReturnType<typeof kendallTau>[]) =>
  mean(results.flatMap(({ value }) => value ?? []));

/** Lets tfjs-node load the addon that BENCH_ADDON names instead of its own. */
function takeAddon(): void {
  const extensions = (Module as unknown as { _extensions: Record<string, (module: object, file: string) => void> })
    ._extensions;
  const load = extensions[".node"]!;
  extensions[".node"] = (module, file) =>
    load(module, file.endsWith("tfjs_binding.node") ? (process.env.BENCH_ADDON ?? file) : file);
}

async function main(path: string): Promise<void> {
  takeAddon();
  const backend = await loadBackend();
  const work: Work = JSON.parse(readFileSync(path, "utf8"));
  const words = Array.from({ length: work.tokens - 4 }, (_, index) => String(index));
  const encoder = (textOption("encoder") ?? "bilstm") as keyof typeof encoders;
  const model = createModel(modelConfig({ encoder }), words, work);
  const stages = stagesOf(work, model, path);
  console.log(
    JSON.stringify({
      ready: `this project, ${backend} backend${isTape ? ", operation by operation" : ""}, Node ${process.versions.node}`,
    }),
  );
  for await (const name of createInterface({ input: process.stdin })) {
    const started = performance.now();
    const answer = await stages[name]!();
    const seconds = (performance.now() - started) / 1000;
    const peakMegabytes = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ seconds, answer: answer(), peakMegabytes }));
  }
}

main(process.argv[2]!);
