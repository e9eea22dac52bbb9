import "./ownFolders";
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadBackend } from "../../src/backend/tensorflow";
import { questionOnlyName } from "../../src/data/corpora/questionOnly";
import * as lab from "../../src/lab";
import { closeRenderer } from "../../src/notebook/render";
import { toShown } from "../../src/notebook/show";
import { projectFolder } from "../../src/paths";
import type { AnalysisOptions } from "../../src/study/analysis";
import { type Design, questionsAlone } from "../../src/study/design";
import { runExample } from "../examples";
import { dropOwnParts, listOwnParts } from "../model/ownParts";
import { captureOutputs } from "./captureOutputs";
import { folder } from "./ownFolders";

before(async () => {
  process.env.ATTENTION_PROFILE = "quick";
  await loadBackend();
  listOwnParts();
});
after(async () => {
  await closeRenderer();
  dropOwnParts();
  rmSync(folder, { recursive: true, force: true });
});

const small = { embeddingSize: 5, hiddenSize: 4, epochs: 2, limit: 24 } as const;
const wholes = ["reviews", "babi1-small", "snli-sample"];
const corpora = new Set(wholes.flatMap((name) => [name, questionOnlyName(name)]));

/** The code of a notebook as a researcher edits it for parts of their own, without its imports. */
function cellsOf(name: string): string {
  const { cells } = JSON.parse(readFileSync(join(projectFolder, "notebooks", `${name}.ipynb`), "utf8"));
  const code = cells
    .filter((cell: { cell_type: string }) => cell.cell_type === "code")
    .map(({ source }: { source: string[] }) => source.join(""))
    .slice(1);
  return code.join("\n").replaceAll('"bilstm"', '"gru"');
}

const options = { attention: "multiplicative", attentionWeights: "sparsemax" };

for (const name of ["rq1-correlation", "rq2-counterfactual", "rq3-encoders", "rq4-tasks-and-length"]) {
  test(`the cells of ${name} run to the end with a GRU, multiplicative attention and sparsemax`, async () => {
    const design = ({ corpus, ...rest }: Design) => {
      const chosen = [corpus].flat().filter((one) => corpora.has(one as string));
      return { ...rest, ...options, ...small, corpus: chosen, seed: 0 } as unknown as Design;
    };
    const study = (profile: "quick", asked: Design, analysis: AnalysisOptions = {}) =>
      lab.study(profile, design(asked), { ...analysis, testLimit: 8 });
    const controlsOf: typeof lab.controlsOf = async (_, { corpus }) => {
      const blind = questionsAlone([corpus].flat());
      return blind.length === 0 ? { configurations: [] } : study("quick", { corpus: blind, encoder: "average" });
    };
    const shown: unknown[] = [];
    const show = async (thing: unknown) => shown.push(await toShown(thing));
    const openNotebook = (...given: Parameters<typeof lab.openNotebook>) => {
      return { ...lab.openNotebook(...given), show, exportAll: async () => undefined };
    };
    await captureOutputs(() => runExample(cellsOf(name), { ...lab, study, controlsOf, openNotebook }));
    assert.ok(shown.length >= 5, `${shown.length} things are shown`);
  });
}
