import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { corpora } from "../../src/data/catalog";
import { exactColumns } from "../../src/stats/exactCurve";
import { mean } from "../../src/stats/summary";
import { findStudies, readStudy, readTexts } from "../../src/study/files";
import { readReleased, releasedFolder } from "../../src/study/released";
import { assertClose } from "../close";

test("released rows are chosen by corpus, encoder, attention and seed", async () => {
  const study = await readReleased("sst", { encoder: "average", attention: "dot", seed: 2 });
  assert.deepEqual([study.corpus, study.encoder, study.attention, study.seed], ["sst", "average", "dot", 2]);
  assert.equal(study.rows.length, 1725);
});

test("what is not released, or was made with another value, is said", async () => {
  await assert.rejects(readReleased("ssst"), {
    name: "UserError",
    message:
      /^Released rows of ssst.bilstm-additive.seed-0 were asked for, but there are only .*sst.bilstm-additive.seed-0/,
  });
  await assert.rejects(readReleased("sst", { hiddenSize: 64 }), {
    name: "UserError",
    message: /were made with hiddenSize 128, but 64 was asked for/,
  });
});

describe("every released study", async () => {
  for (const folder of await findStudies(releasedFolder)) {
    test(folder.slice(releasedFolder.length + 1), async () => {
      const { corpus, rows, classNames, summary, profile } = await readStudy(folder);
      const entry = corpora.find(({ name }) => name === corpus)!;
      assert.ok(!entry.restricted, "rows of a restricted corpus are not released");
      assert.equal(profile, "paper");
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
      assert.ok(rows.every(({ predicted, label }) => classNames.includes(predicted) && classNames.includes(label)));
      const told = summary.classes.at(-1)!;
      assert.equal(rows.length, told.n);
      for (const measure of ["tauGradient", "tauLeaveOneOut", "permutationTvd", "searchJsd01"] as const)
        assertClose(mean(rows.flatMap((row) => row[measure] ?? [])), told[measure].mean!, 1e-4);
      for (const row of rows) {
        const jsd = exactColumns.map(({ column }) => row[column]);
        assert.ok(jsd.every((value, index) => index === 0 || value === undefined || value >= jsd[index - 1]!));
        assert.ok(row.exactJsd01 === undefined || (row.searchJsd01 ?? 0) <= row.exactJsd01 + 1e-3);
      }
      for (const { words, attention } of await readTexts(folder)) assert.equal(words.length, attention.length);
    });
  }
});
