import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeParquet, encodeParquet } from "../../src/study/parquet";

test("every kind of cell comes back, numbers of lists in single precision", async () => {
  const cells = {
    id: ["a", "b", "c"],
    tau: [0.1, undefined, -1],
    tokens: [["it", "'s"], undefined, []],
    attention: [[0.25, Math.fround(0.1)], undefined, [1]],
    nothing: [undefined, undefined, undefined],
  };
  const kinds = { id: "text", tau: "number", tokens: "texts", attention: "numbers", nothing: "numbers" } as const;
  const bytes = encodeParquet(cells, kinds);
  assert.deepEqual(await decodeParquet(bytes, Object.keys(cells)), cells);
  assert.deepEqual(await decodeParquet(bytes, ["tau"]), { tau: cells.tau });
});
