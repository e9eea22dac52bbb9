import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { differencesOf, jobsAgain } from "../../../src/cli/commands/verify";
import type { Study } from "../../../src/study/study";

function studyOf(taus: (number | undefined)[], predicted = "good") {
  const rows = taus.map((tauGradient, index) => ({ id: `${index}`, predicted, tauGradient }));
  const columns = [
    { kind: "text", name: "predicted" },
    { kind: "number", name: "tauGradient" },
  ];
  return { name: "sst, bilstm", rows, columns, scores: { accuracy: 0.8 } } as unknown as Study;
}

test("numbers that differ by less than their rounding are the same; a decision, a text or more is not", () => {
  const standing = studyOf([0.1, undefined, 0.3]);
  const isSame = (again: Study) => differencesOf(standing, again).isSame;
  assert.equal(isSame(studyOf([0.1 + 1e-8, undefined, 0.3])), true);
  assert.equal(differencesOf(studyOf([40]), studyOf([40.0003])).isSame, true);
  assert.equal(differencesOf(studyOf([40]), studyOf([40.0006])).isSame, false);
  assert.equal(isSame(studyOf([0.1, undefined, 0.3], "bad")), false);
  assert.equal(isSame(studyOf([0.1, undefined])), false);
  assert.equal(
    differencesOf(standing, studyOf([0.1, undefined, 0.35])).text,
    "differs sst, bilstm: 3 of 3 texts, 0 decided otherwise; 1 of 2 numbers apart, furthest tauGradient, by 0.050; accuracy 0.800 and now 0.800",
  );
});

test("a folder without studies is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "verify-"));
  await assert.rejects(
    jobsAgain(folder, 1, folder),
    /were to be made again, but there is none whose corpus is at hand/,
  );
  rmSync(folder, { recursive: true });
});
