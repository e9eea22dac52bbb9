import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runNode } from "../../runNode";
import { attackFolder } from "../attacks";

const { folder } = attackFolder();

test("twelve configurations in one process do not make it grow", { timeout: 3_600_000 }, async (context) => {
  const script = join(__dirname, "configurations.ts");
  const { exitCode, output } = await runNode(["--expose-gc", script, join(folder, "out"), "12"]);
  assert.equal(exitCode, 0, output);
  const held = output.split("\n").filter((line) => line.startsWith("{"));
  const after: { megabytes: number; handles: number; tensors: number }[] = held.map((line) => JSON.parse(line));
  assert.equal(after.length, 12);
  context.diagnostic(held.join(" "));
  const last = after.slice(3);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, level] = [mean(last.map((_, place) => place)), mean(last.map(({ megabytes }) => megabytes))];
  const products = last.map(({ megabytes }, place) => (place - middle) * (megabytes - level));
  const slope =
    products.reduce((sum, product) => sum + product, 0) /
    last.reduce((sum, _, place) => sum + (place - middle) ** 2, 0);
  assert.ok(slope < 8, `${slope} MB for each configuration`);
  assert.equal(new Set(after.map(({ tensors }) => tensors)).size, 1, "tensors");
  assert.ok(after.at(-1)!.handles <= after[1]!.handles, "handles");
});
