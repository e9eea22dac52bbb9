import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compactRows, expandRows, type TextRow } from "../../src/report/contents";
import { chooseTexts } from "../../src/report/page/textFilter";
import { hashOf, readState } from "../../src/report/page/viewState";
import type { Study } from "../../src/study/study";
import { makeStudy } from "./madeStudies";

const folder = mkdtempSync(join(tmpdir(), "attention-report-contents-"));
let study: Study;
let rows: TextRow[];

before(async () => {
  study = await makeStudy(folder, { corpus: "reviews", count: 200 });
  rows = study.rows as unknown as TextRow[];
});
after(() => rmSync(folder, { recursive: true }));

test("rows come back as they were, their numbers to five digits and agreements to all", () => {
  const back = expandRows(JSON.parse(JSON.stringify(compactRows(rows, study.columns))));
  assert.equal(back.length, rows.length);
  for (const [index, row] of rows.entries()) {
    for (const { name, reason } of study.columns) {
      const [value, came] = [row[name], back[index]![name]];
      if (typeof value !== "number" || reason !== undefined) assert.equal(came, value, name);
      else assert.ok(Math.abs((came as number) - value) <= 5e-5 * Math.abs(value), `${name} ${value} ${came}`);
    }
  }
});

test("texts are filtered and sorted, those without a value last in both orders", () => {
  const all = { predicted: "", outcome: "", sort: "", order: "ascending" };
  assert.deepEqual(
    chooseTexts(rows, all, () => true),
    [...rows.keys()],
  );
  for (const order of ["ascending", "descending"]) {
    const places = chooseTexts(rows, { ...all, sort: "tauGradient", order }, () => true);
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      [...rows.keys()],
    );
    const values = places.map((place) => rows[place]!.tauGradient);
    const defined = values.filter((value) => typeof value === "number");
    assert.ok(defined.length > 0 && defined.length < rows.length);
    assert.ok(values.slice(defined.length).every((value) => value === undefined));
    const sorted = [...defined].sort((a, b) => (order === "ascending" ? a - b : b - a));
    assert.deepEqual(values.slice(0, defined.length), sorted);
  }
  const wrong = chooseTexts(rows, { ...all, predicted: "positive", outcome: "wrong" }, (place) => place > 20);
  const expected = rows.flatMap((row, place) => {
    return row.predicted === "positive" && row.label !== "positive" && place > 20 ? [place] : [];
  });
  assert.ok(expected.length > 0);
  assert.deepEqual(wrong, expected);
});

test("a state comes back from its address, whatever is in it", () => {
  const state = { ...readState(""), study: "sst/bilstm-0123", contains: "a&b=c#d %2F ü", theme: "dark" };
  assert.deepEqual(readState(hashOf(state)), state);
  assert.equal(hashOf(readState("")), "#");
});
