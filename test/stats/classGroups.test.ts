import assert from "node:assert/strict";
import { test } from "node:test";
import { classGroups, toldClasses } from "../../src/stats/classGroups";

const rows = ["some", "all", "some", "all", "all"].map((predicted, index) => ({ predicted, index }));
const sizes = (groups: readonly { class: string | undefined; rows: readonly object[] }[]) =>
  groups.map((group) => [group.class, group.rows.length]);

test("a class called all is a class, and the group of all texts has no name", () => {
  assert.deepEqual(sizes(classGroups(rows, ["some", "all"])), [
    ["some", 2],
    ["all", 3],
    [undefined, 5],
  ]);
});

test("a class without texts is kept, so that its absence shows; more than three classes are not told apart", () => {
  assert.deepEqual(sizes(classGroups(rows, ["none", "some", "all"])), [
    ["none", 0],
    ["some", 2],
    ["all", 3],
    [undefined, 5],
  ]);
  assert.deepEqual(sizes(classGroups(rows, ["a", "b", "some", "all"])), [[undefined, 5]]);
  assert.deepEqual(toldClasses(["some", "all"]), ["some", "all"]);
  assert.deepEqual(toldClasses(["a", "b", "some", "all"]), [undefined]);
});
