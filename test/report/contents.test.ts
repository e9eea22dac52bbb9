import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { commonTexts, compareNumbers } from "../../src/report/page/compareView";
import { expandRows, type OpenStudy, type ShownRow } from "../../src/report/page/openStudy";
import { sortBy } from "../../src/report/page/table";
import { chooseTexts } from "../../src/report/page/textsView";
import { hashOf, readState } from "../../src/report/page/viewState";
import { compactRows } from "../../src/report/studyContents";
import type { Study } from "../../src/study/study";
import { makeStudy } from "./madeStudies";

const folder = mkdtempSync(join(tmpdir(), "attention-report-contents-"));
let study: Study;
let rows: ShownRow[];

/** As they come into the page. */
function shownRows({ rows, columns }: Study, lines: string[] = []): ShownRow[] {
  return expandRows(JSON.parse(JSON.stringify({ ...compactRows(rows, columns), line: lines })));
}

before(async () => {
  study = await makeStudy(folder, { corpus: "reviews", count: 200 });
  rows = shownRows(study, ["", "A Needle in hay"]);
});
after(() => rmSync(folder, { recursive: true }));

test("rows come back as they were, their numbers to five digits and agreements to all", () => {
  assert.equal(rows.length, study.rows.length);
  for (const [index, row] of (study.rows as unknown as ShownRow[]).entries()) {
    for (const { name, reason } of study.columns) {
      const [value, came] = [row[name], rows[index]![name]];
      if (typeof value !== "number" || reason !== undefined) assert.equal(came, value, name);
      else assert.ok(Math.abs((came as number) - value) <= 5e-5 * Math.abs(value), `${name} ${value} ${came}`);
    }
  }
  assert.deepEqual(
    rows.slice(0, 2).map(({ place, text }) => [place, text]),
    [
      [0, "test-0"],
      [1, "test-1: A Needle in hay"],
    ],
  );
});

test("texts are filtered by class, by what came, by a range and by their words", () => {
  const all = readState("");
  const idsOf = (filter: object) => chooseTexts(rows, { ...all, ...filter }).map(({ id }) => id);
  const expected = (isAsked: (row: ShownRow) => boolean) => rows.filter(isAsked).map(({ id }) => id);
  assert.equal(idsOf({}).length, rows.length);
  const wrong = expected(({ predicted, label }) => predicted === "positive" && label === "negative");
  assert.ok(wrong.length > 0);
  assert.deepEqual(idsOf({ predicted: "positive", outcome: "wrong" }), wrong);
  assert.deepEqual(idsOf({ predicted: "positive", label: "negative" }), wrong);
  const tau = (row: ShownRow) => row.tauGradient as number | undefined;
  const range = { where: "tauGradient", from: "-0.2", to: "0.3" };
  const inside = expected((row) => tau(row) !== undefined && tau(row)! >= -0.2 && tau(row)! <= 0.3);
  assert.ok(inside.length > 0 && inside.length < rows.length);
  assert.deepEqual(idsOf(range), inside);
  const above = expected((row) => (tau(row) ?? -1) >= 0.3);
  assert.deepEqual(idsOf({ where: "tauGradient", from: "0.3" }), above);
  assert.deepEqual(idsOf({ contains: " needle " }), ["test-1"]);
});

test("what has no value is last in both orders, and equal ones stay as they were", () => {
  for (const order of ["ascending", "descending"]) {
    const values = sortBy(rows, ({ tauGradient }) => tauGradient, order).map(({ tauGradient }) => tauGradient);
    const defined = values.filter((value) => typeof value === "number");
    assert.ok(defined.length > 0 && defined.length < rows.length);
    assert.ok(values.slice(defined.length).every((value) => value === undefined));
    const sorted = [...defined].sort((a, b) => (order === "ascending" ? a - b : b - a));
    assert.deepEqual(values.slice(0, defined.length), sorted);
    assert.deepEqual(
      sortBy(rows, () => 1, order).map(({ place }) => place),
      [...rows.keys()],
    );
  }
  const seeds = ["seed 10", "seed 2", "seed 1"];
  assert.deepEqual(
    sortBy(seeds, (seed) => seed, "ascending"),
    ["seed 1", "seed 2", "seed 10"],
  );
});

test("two studies are compared over the texts that both have", async () => {
  const other = shownRows(await makeStudy(folder, { corpus: "reviews", count: 200, options: { seed: 1 } }));
  const open = (corpus: string, own: ShownRow[]) => ({ entry: { corpus }, rows: own }) as OpenStudy;
  const twin = rows.map((row) => ({
    ...row,
    entropy: (row.entropy as number) + 0.25,
    predicted: row.label,
    outcome: "right" as const,
  }));
  const shorter = open("reviews", twin.slice(50));
  const texts = commonTexts(open("reviews", rows), shorter);
  assert.equal(texts.length, 150);
  const [accuracy, entropy] = compareNumbers(texts, [{ name: "entropy", title: "entropy" }]);
  const right = rows.slice(50).filter(({ predicted, label }) => predicted === label).length / 150;
  assert.deepEqual([accuracy!.second, accuracy!.n], [1, 150]);
  assert.ok(Math.abs(accuracy!.first! - right) < 1e-12 && Math.abs(accuracy!.difference! - (1 - right)) < 1e-12);
  assert.ok(accuracy!.low! < accuracy!.difference! && accuracy!.difference! < accuracy!.high!);
  // The same difference in each text: no resample changes it.
  for (const end of [entropy!.difference, entropy!.low, entropy!.high]) assert.ok(Math.abs(end! - 0.25) < 1e-9);
  assert.deepEqual(commonTexts(open("reviews", rows), open("sst", rows)), []);
  const isSame = (row: ShownRow, index: number) => row.label === rows[index]!.label && row.words === rows[index]!.words;
  assert.equal(commonTexts(open("reviews", rows), open("reviews", other)).length, other.filter(isSame).length);
});

test("a state comes back from its address, whatever is in it", () => {
  const state = { ...readState(""), study: "sst/bilstm-0123", contains: "a&b=c#d %2F ü" };
  assert.deepEqual(readState(hashOf(state)), state);
  assert.equal(hashOf(readState("")), "#");
});
