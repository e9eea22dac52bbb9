import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { anemia, diabetes, readDischargeSummaries } from "../../../src/data/corpora/mimic";
import { type PreparedTexts, splits } from "../../../src/data/dataset";
import { UserError } from "../../../src/errors";
import { canary, makeAdmissions, writeMimic } from "../restrictedCorpora";

let folder: string;
const before = process.env.ATTENTION_MIMIC;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mimic-"));
  process.env.ATTENTION_MIMIC = folder;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.ATTENTION_MIMIC;
  else process.env.ATTENTION_MIMIC = before;
});

function count(texts: PreparedTexts): number {
  return splits.reduce((sum, split) => sum + texts[split].length, 0);
}

function labels(texts: PreparedTexts, label: number): number {
  return splits.reduce((sum, split) => sum + texts[split].filter((one) => one.label === label).length, 0);
}

async function assertFails(work: Promise<unknown>, pattern: RegExp): Promise<void> {
  await assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, new RegExp(canary));
    return true;
  });
}

describe("anemia", () => {
  it("is acute against chronic, exclusive, without the shortest of each split; no patient is in two splits", async () => {
    writeMimic(
      folder,
      makeAdmissions(120, [["2851", "4019"], ["28521"], ["2851", "28529"], ["28522", "V4511"], ["2859"], ["2851"]]),
    );
    const texts = await anemia.read({});
    const chosen = count(texts);
    assert.match(texts.notes.join(" "), /kept are \d+ of \d+ in train/);
    const [, ...all] = /(\d+) in train, \d+ of (\d+) in dev, \d+ of (\d+) in test/.exec(texts.notes.join(" "))!;
    assert.equal(
      all.reduce((sum, number) => sum + Number(number), 0),
      80,
      "two of six kinds are neither or both",
    );
    assert.ok(chosen >= 70 && chosen < 80);
    assert.ok(labels(texts, 0) > 25 && labels(texts, 1) > 25);
    assert.ok(texts.vocabulary.includes(canary) && texts.vocabulary.includes("qqq"));
    assert.deepEqual(texts, await anemia.read({}));
  });

  it("reads reports before addenda, and nothing but discharge summaries that are no mistakes", async () => {
    writeMimic(folder, makeAdmissions(4, [["2851"]]));
    const summaries = await readDischargeSummaries(folder, new Set(["100001", "100003"]));
    assert.deepEqual([...summaries.keys()].sort(), ["100001", "100003"]);
    const tokens = summaries.get("100003")!;
    assert.deepEqual(tokens.slice(0, 3), ["admission", "date", ":"]);
    assert.deepEqual(tokens.slice(-4), ["addendum", canary, "ends", "."]);
    assert.ok(!tokens.includes("nursing") && !tokens.includes("mistaken") && !tokens.includes("nowhere"));
  });
});

describe("diabetes", () => {
  const many = [["25000", "4019"], ["4019", "4280"], ["4280"]];

  it("takes the split of Mullenbach et al. where it lies beside the tables", async () => {
    const admissions = makeAdmissions(60, many);
    writeMimic(folder, admissions);
    rmSync(join(folder, "dev_50_hadm_ids.csv"));
    await assertFails(
      diabetes.read({}),
      /folder with dev_50_hadm_ids\.csv, .* \(the split is that of .*caml-mimic\), in ATTENTION_MIMIC/,
    );
    const parts = { train: admissions.slice(0, 40), dev: admissions.slice(40, 48), test: admissions.slice(48, 58) };
    for (const split of splits)
      writeFileSync(
        join(folder, `${split}_50_hadm_ids.csv`),
        parts[split].map(({ admission }) => admission).join("\n"),
      );
    const texts = await diabetes.read({});
    assert.deepEqual(
      splits.map((split) => texts[split].length),
      [40, 8, 10],
    );
    assert.deepEqual(
      texts.test.map(({ label }) => label),
      parts.test.map(({ codes }) => (codes.includes("25000") ? 1 : 0)),
    );
    assert.match(texts.notes[0]!, /Split as in Mullenbach et al\. \(2018\)/);
    writeFileSync(join(folder, "dev_50_hadm_ids.csv"), `100000\n${canary}\n`);
    await assertFails(diabetes.read({}), /^Line 2 of .*dev_50_hadm_ids\.csv must be the number of an admission/);
  });
});

describe("the tables", () => {
  it("are asked for with how to get them", async () => {
    delete process.env.ATTENTION_MIMIC;
    const state = diabetes.state();
    assert.ok(state.kind === "needs your file");
    assert.match(
      state.how,
      /physionet\.org.*NOTEEVENTS\.csv and DIAGNOSES_ICD\.csv.*train_50_hadm_ids\.csv.* in ATTENTION_MIMIC/,
    );
    await assertFails(anemia.read({}), /texts are not at hand; get credentialed access to MIMIC-III/);
    process.env.ATTENTION_MIMIC = folder;
    writeMimic(folder, makeAdmissions(2, [["2851"]]));
    assert.deepEqual(anemia.state(), { kind: "ready", where: folder });
    rmSync(join(folder, "DIAGNOSES_ICD.csv"));
    await assertFails(anemia.read({}), /folder with DIAGNOSES_ICD\.csv, each plain or as \.gz, in ATTENTION_MIMIC/);
  });

  it("that are damaged are errors of a line, without what stands there", async () => {
    writeMimic(folder, makeAdmissions(8, [["2851"], ["28521"]]));
    const path = join(folder, "DIAGNOSES_ICD.csv");
    const good = readFileSync(path, "utf8");
    for (const [content, pattern] of [
      [good.replace("ICD9_CODE", canary), /must have the columns SUBJECT_ID, HADM_ID, ICD9_CODE .* lacks ICD9_CODE/],
      [good.replace('"2851"', `"2851",${canary}`), /^Line 2 of .*DIAGNOSES_ICD\.csv must have 5 cells, but has 6/],
      [
        good.replace('"2851"', `"2851"${canary}`),
        /is not a well-formed table: a quote in the record that begins in line 2/,
      ],
      [
        good.replace('"2851"', `${canary}"2851"`),
        /is not a well-formed table: a quote in the record that begins in line 2/,
      ],
      [good.replace('"2851"', `"${canary}`), /a quote in the record that begins in line 2/],
    ] as const) {
      writeFileSync(path, content);
      await assertFails(anemia.read({}), pattern);
    }
    writeFileSync(path, good);
    const notes = join(folder, "NOTEEVENTS.csv.gz");
    writeFileSync(notes, readFileSync(notes).subarray(0, 100));
    await assertFails(anemia.read({}), /NOTEEVENTS\.csv\.gz is truncated/);
  });
});
