import assert from "node:assert/strict";
import { test } from "node:test";
import { compactRows, expandRows } from "../../src/report/contents";
import { chooseInstances } from "../../src/report/page/instanceFilter";
import { seedRanges } from "../../src/report/page/seedRanges";
import { hashOf, readState } from "../../src/report/page/viewState";
import { createRandom } from "../../src/stats/random";
import { instanceColumns } from "../../src/study/analyze";
import { madeRow } from "./madeStudies";

const random = createRandom("report contents");
const rows = Array.from({ length: 200 }, (_, index) => madeRow(random, index, ["negative", "positive"]));

test("rows come back as they were, their numbers to five digits and correlations to all", () => {
  const back = expandRows(JSON.parse(JSON.stringify(compactRows(rows, instanceColumns))));
  assert.equal(back.length, rows.length);
  for (const [index, row] of rows.entries()) {
    for (const column of instanceColumns) {
      const [value, came] = [row[column], back[index]![column]];
      if (typeof value !== "number" || column === "tauGradient") assert.equal(came, value, column);
      else assert.ok(Math.abs((came as number) - value) <= 5e-5 * Math.abs(value), `${column} ${value} ${came}`);
    }
  }
});

test("instances are filtered and sorted, those without a value last in both orders", () => {
  const all = { predicted: "", outcome: "", sort: "", order: "ascending" };
  assert.deepEqual(
    chooseInstances(rows, all, () => true),
    [...rows.keys()],
  );
  for (const order of ["ascending", "descending"]) {
    const places = chooseInstances(rows, { ...all, sort: "tauGradient", order }, () => true);
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      [...rows.keys()],
    );
    const values = places.map((place) => rows[place]!.tauGradient);
    const defined = values.filter((value): value is number => value !== undefined);
    assert.ok(defined.length > 0 && defined.length < rows.length);
    assert.ok(values.slice(defined.length).every((value) => value === undefined));
    const sorted = [...defined].sort((a, b) => (order === "ascending" ? a - b : b - a));
    assert.deepEqual(values.slice(0, defined.length), sorted);
  }
  const wrong = chooseInstances(rows, { ...all, predicted: "positive", outcome: "wrong" }, (place) => place > 20);
  const expected = rows.flatMap((row, place) => {
    return row.predicted === "positive" && row.label !== "positive" && place > 20 ? [place] : [];
  });
  assert.ok(expected.length > 0);
  assert.deepEqual(wrong, expected);
});

test("a state comes back from its address, whatever is in it", () => {
  const state = { ...readState(""), study: "sst/bilstm-additive/seed-0", contains: "a&b=c#d %2F ü", theme: "dark" };
  assert.deepEqual(readState(hashOf(state)), state);
  assert.equal(hashOf(readState("")), "#");
});

test("studies over seeds: mean and range, no range for one seed, no mean without a value", () => {
  const study = (encoder: string, value?: number) => ({ corpus: "sst", encoder, attention: "dot", value });
  const found = seedRanges(
    [study("bilstm", 1), study("bilstm", 2), study("bilstm", 6), study("cnn", 4), study("average")],
    ({ value }) => value,
  );
  const of = (encoder: string) => ({ corpus: "sst", encoder, attention: "dot" });
  assert.deepEqual(found, [
    { ...of("bilstm"), seeds: 3, mean: 3, low: 1, high: 6 },
    { ...of("cnn"), seeds: 1, mean: 4, low: undefined, high: undefined },
    { ...of("average"), seeds: 0, mean: undefined, low: undefined, high: undefined },
  ]);
});
