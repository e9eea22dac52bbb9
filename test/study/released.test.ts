import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { intervention } from "../../src/analysis/intervention";
import { findCorpus } from "../../src/data/catalog";
import { releasedFolder } from "../../src/paths";
import { findStudies } from "../../src/study/files";
import { readReleased } from "../../src/study/released";
import { readStudy } from "../../src/study/study";

test("released rows are chosen by corpus, encoder, attention and seed", async () => {
  const study = await readReleased({ corpus: "sst", options: { encoder: "average", attention: "dot", seed: 2 } });
  assert.equal(study.name, "sst, average, dot, seed 2, glove-6b-100d");
  assert.equal(study.rows.length, 1725);
});

test("what is not released, or was made with another value, is said", async () => {
  await assert.rejects(readReleased({ corpus: "ssst", options: {} }), {
    name: "UserError",
    message: /^Released rows of ssst were asked for, but there are only those of agnews, .+, sst; choose one of these/,
  });
  await assert.rejects(readReleased({ corpus: "sst", options: { hiddenSize: 64 } }), {
    name: "UserError",
    message: /the nearest ones have hiddenSize 128, not 64; choose these/,
  });
});

test("what needs no model is computed for the texts whose weights come with the project", async () => {
  const first = intervention("first", {
    title: "attention to the first word alone",
    meaning: "The first word has all attention.",
    attention: ({ attention }) => attention.map((_, t) => (t === 0 ? 1 : 0)),
  });
  const study = await readReleased({ corpus: "sst", options: {} }, { interventions: [first, "reversed"] });
  const texts = (await study.texts()).filter((text) => text !== undefined);
  assert.ok(texts.length > 0 && texts.length <= 200);
  const rows = study.rows as unknown as { firstTvd?: number; reversedTvd?: number }[];
  assert.equal(rows.filter(({ firstTvd }) => firstTvd !== undefined).length, texts.length);
  assert.equal(rows.filter(({ reversedTvd }) => reversedTvd === undefined).length, 0, "released for all texts");
});

describe("every released study", async () => {
  for (const folder of await findStudies(releasedFolder)) {
    test(folder.slice(releasedFolder.length + 1), async () => {
      const study = await readStudy(folder);
      const { corpus, rows, classNames, profile, scores } = study;
      const entry = findCorpus(corpus);
      assert.ok(!entry.restricted, "rows of a restricted corpus are not released");
      assert.equal(profile, "paper");
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
      assert.ok(rows.every(({ predicted, label }) => classNames.includes(predicted) && classNames.includes(label)));
      assert.equal(rows.length, scores.texts);
      const right = rows.filter(({ predicted, label }) => predicted === label).length / rows.length;
      assert.ok(Math.abs(right - scores.accuracy) < 1e-9);
      for (const row of rows) {
        const jsd = [row.exactJsd001, row.exactJsd01, row.exactJsd05, row.exactJsd1];
        assert.ok(jsd.every((value, index) => index === 0 || value === undefined || value >= jsd[index - 1]!));
        assert.ok(row.exactJsd01 === undefined || (row.searchJsd01 ?? 0) <= row.exactJsd01 + 1e-3);
      }
      for (const text of await study.texts()) {
        if (text?.words) assert.equal(text.words.length, text.attention.length);
      }
    });
  }
});
