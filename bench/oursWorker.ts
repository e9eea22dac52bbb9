// Trains one epoch for every line on standard input, and answers with a line of JSON.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createParameter } from "../src/backend/amsgrad";
import { loadBackend } from "../src/backend/tensorflow";
import { modelConfig } from "../src/config";
import { createModel } from "../src/model/model";
import { trainStep } from "../src/model/train";
import type { Work } from "./work";

async function main(path: string): Promise<void> {
  const backend = await loadBackend();
  const { tokens, batches, positiveWeight }: Work = JSON.parse(readFileSync(path, "utf8"));
  const config = modelConfig();
  const words = Array.from({ length: tokens - 4 }, (_, index) => String(index));
  const { weights } = createModel(config, words, ["negative", "positive"]);
  const parameters = Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, createParameter(value)]));
  const state = { parameters, step: 0 };
  for (const batch of batches.slice(0, 20)) trainStep(config, state, batch, positiveWeight);
  console.log(JSON.stringify({ ready: `this project, ${backend} backend, Node ${process.versions.node}` }));
  for await (const _ of createInterface({ input: process.stdin })) {
    const started = performance.now();
    let loss = 0;
    for (const batch of batches) loss += trainStep(config, state, batch, positiveWeight);
    const seconds = (performance.now() - started) / 1000;
    console.log(JSON.stringify({ seconds, loss, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
  }
}

main(process.argv[2]!);
