import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jupyterEnvironment } from "../../src/cli/setup/setUp";
import { corpusNames } from "../../src/data/catalog";
import { projectFolder } from "../../src/paths";

const python = join(projectFolder, ".venv", "bin", "python");
const skip = existsSync(python) ? false : "the Python environment is missing; npm test makes it";

test("the kernel completes the names of options, their values and columns", { skip }, () => {
  const script = join(projectFolder, "test", "notebook", "complete.py");
  const typed = [
    'train("quick", "reviews", { hidden| })',
    'train("quick", "reviews", { encoder: "bi|" })',
    'train("quick", "reviews", { encoder: "|" })',
    "runs.rows[0].maxA|",
    'histogram(runs.rows, { x: "tauL|" })',
    'histogram(runs.rows, { x: "tauGradient", fac| })',
    'study("quick", { corpus: ["sst", "|"] })',
  ];
  const answer = execFileSync(python, [script, ...typed], { env: jupyterEnvironment(), encoding: "utf8" });
  assert.deepEqual(JSON.parse(answer), [
    ['train("quick", "reviews", { hiddenSize })'],
    ['train("quick", "reviews", { encoder: "bilstm" })'],
    ["average", "bilstm", "cnn"].map((encoder) => `train("quick", "reviews", { encoder: "${encoder}" })`),
    ["runs.rows[0].maxAttention"],
    ["", "Heaviest", "Imposed", "Null", "PValue", "Undefined"].map(
      (end) => `histogram(runs.rows, { x: "tauLeaveOneOut${end}" })`,
    ),
    ['histogram(runs.rows, { x: "tauGradient", facet })'],
    [...corpusNames].sort().map((name) => `study("quick", { corpus: ["sst", "${name}"] })`),
  ]);
});
