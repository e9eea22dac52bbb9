// Runs a stage of the study for every line on standard input, its name, and answers with a line of JSON.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { explain } from "../src/analysis/importance";
import { gradient } from "../src/analysis/importances/gradient";
import { leaveOneOut } from "../src/analysis/importances/leaveOneOut";
import { createParameter, type Parameter } from "../src/backend/amsgrad";
import { loadBackend } from "../src/backend/tensorflow";
import type { Example } from "../src/data/dataset";
import { encodeTensors, readTensors, restoreTensors } from "../src/model/checkpoint";
import type { Decoder } from "../src/model/decoder";
import { type AttentionModel, createModel } from "../src/model/model";
import { type Prediction, predict } from "../src/model/predict";
import { trainStep } from "../src/model/train";
import { kendallTau } from "../src/stats/kendall";
import { modelConfig } from "../src/study/config";
import { exactAdversaryOf, onDecoders, permute, searchAll } from "./onDecoders";
import type { Work } from "./work";

/** What a stage computed, and the one number that stands for it, which is not part of the measured time. */
type Stage = () => Promise<() => number>;

function stagesOf(work: Work, model: AttentionModel, path: string): Record<string, Stage> {
  const entries = Object.entries(model.weights).map(([name, value]) => [name, createParameter(value)] as const);
  const state: { parameters: Record<string, Parameter>; step: number } = {
    parameters: Object.fromEntries(entries),
    step: 0,
  };
  const epoch = (batches?: number) =>
    work.batches
      .slice(0, batches)
      .reduce((loss, batch) => loss + trainStep(model, state, batch, work.positiveWeight), 0);
  epoch(20);

  const examples = work.texts.map(({ ids, label }, index): Example => {
    return { id: String(index), tokens: ids.map((id) => model.vocabulary.tokens[id]!), label };
  });
  let predictions: Prediction[] = [];
  const decoders: Decoder[] = [];
  const onEach = <Result>(analyse: (decoder: Decoder, attention: number[], index: number) => Result) =>
    predictions.map(({ attention }, index) => analyse(decoders[index]!, attention, index));
  let gradients: (readonly number[])[] = [];
  let changes: (readonly number[])[] = [];
  const taus = (importance: (readonly number[])[]) =>
    predictions.map(({ attention }, index) => kendallTau(attention, importance[index]!));

  return {
    async training() {
      const loss = epoch();
      return () => loss;
    },
    /** Writes the weights as they are now for the other contestant, and uses them from now on. */
    async weights() {
      const values = Object.entries(state.parameters).map(([name, { value }]) => [name, value] as const);
      const tensors = readTensors(Object.fromEntries(values));
      writeFileSync(join(dirname(path), "weights.safetensors"), encodeTensors({ tensors, metadata: {} }));
      model.weights = restoreTensors({ tensors, metadata: {} }, model.weights);
      return () => state.step;
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
      const results = searchAll(onEach((decoder, attention, seed) => ({ decoder, attention, seed })));
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
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Over the texts where it is defined. */
const meanTau = (results: readonly ReturnType<typeof kendallTau>[]) =>
  mean(results.flatMap((result) => (result.kind === "defined" ? [result.tau] : [])));

async function main(path: string): Promise<void> {
  const backend = await loadBackend();
  const work: Work = JSON.parse(readFileSync(path, "utf8"));
  const words = Array.from({ length: work.tokens - 4 }, (_, index) => String(index));
  const model = createModel(modelConfig(), words, { task: "classification", classNames: ["negative", "positive"] });
  const stages = stagesOf(work, model, path);
  console.log(JSON.stringify({ ready: `this project, ${backend} backend, Node ${process.versions.node}` }));
  for await (const name of createInterface({ input: process.stdin })) {
    const started = performance.now();
    const answer = await stages[name]!();
    const seconds = (performance.now() - started) / 1000;
    const peakMegabytes = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ seconds, answer: answer(), peakMegabytes }));
  }
}

main(process.argv[2]!);
