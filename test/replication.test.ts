import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pages } from "../data/study/make_replication";

test("every number of REPLICATION.md, and of what README.md says was found, is that of the released rows", async () => {
  for (const [path, content] of Object.entries(await pages()))
    assert.equal(readFileSync(path, "utf8"), content, "run: node --import tsx data/study/make_replication.ts");
});
