import "./ownFolders";
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadBackend } from "../../src/backend/tensorflow";
import * as lab from "../../src/lab";
import { closeRenderer } from "../../src/notebook/render";
import { projectFolder } from "../../src/paths";
import type { AnalysisOptions } from "../../src/study/analysis";
import type { Design } from "../../src/study/design";
import { runExample } from "../examples";
import { captureOutputs } from "./captureOutputs";
import { folder } from "./ownFolders";

before(() => loadBackend());
after(async () => {
  await closeRenderer();
  rmSync(folder, { recursive: true, force: true });
});

const small = { embeddingSize: 5, hiddenSize: 4, epochs: 2, limit: 120 } as const;

test("the README's hypotheses run one after another, and each has its columns", async () => {
  const section = readFileSync(join(projectFolder, "README.md"), "utf8")
    .split("## Your own hypothesis")[1]!
    .split("\n## ")[0]!;
  const code = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block).join("\n");
  const study = (profile: "quick", design: Design, analysis: AnalysisOptions = {}) =>
    lab.study(profile, { ...design, ...small, seed: 0 }, { ...analysis, testLimit: 20 });
  const { show } = lab.openNotebook("readme", "quick", { quick: ["reviews"] });
  const { result } = await captureOutputs(() => runExample(code, { ...lab, study, show }));
  const columnsOf = (name: string) => Object.keys((result[name] as Awaited<ReturnType<typeof study>>).rows[0]!);
  assert.ok(columnsOf("withSilenced").includes("tauSilenced"));
  for (const column of ["sharpenedTvd", "sharpenedFlips", "sharpenedJsd"]) {
    assert.ok(columnsOf("withSharpened").includes(column), column);
  }
  const rows = (result.withPunctuation as { rows: { punctuation?: number }[] }).rows;
  assert.ok(rows.every(({ punctuation }) => punctuation! >= 0 && punctuation! <= 1));
});
