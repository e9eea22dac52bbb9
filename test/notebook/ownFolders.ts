// Imported first: the results folder is decided when its module loads.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder with the results and the cache of the test that imports this. */
export const folder = mkdtempSync(join(tmpdir(), "attention-own-"));
process.env.ATTENTION_RESULTS = join(folder, "results");
process.env.XDG_CACHE_HOME = join(folder, "cache");
