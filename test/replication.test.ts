import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { replication, replicationPath } from "../data/study/make_replication";

test("every number of REPLICATION.md is that of the released rows", async () => {
  assert.equal(
    readFileSync(replicationPath, "utf8"),
    await replication(),
    "run: node --import tsx data/study/make_replication.ts",
  );
});
