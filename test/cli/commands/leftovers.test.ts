import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const home = mkdtempSync(join(tmpdir(), "leftovers-"));
const outer = { cache: process.env.XDG_CACHE_HOME, results: process.env.ATTENTION_RESULTS };
let leftovers: typeof import("../../../src/cli/commands/doctor");
let native: typeof import("../../../src/cli/setup/nativeBackend");

before(async () => {
  process.env.XDG_CACHE_HOME = join(home, "cache");
  process.env.ATTENTION_RESULTS = join(home, "results");
  leftovers = await import("../../../src/cli/commands/doctor");
  native = await import("../../../src/cli/setup/nativeBackend");
});

after(() => {
  if (outer.cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = outer.cache;
  if (outer.results === undefined) delete process.env.ATTENTION_RESULTS;
  else process.env.ATTENTION_RESULTS = outer.results;
  rmSync(home, { recursive: true });
});

function write(path: string, content: string): string {
  mkdirSync(join(home, path, ".."), { recursive: true });
  writeFileSync(join(home, path), content);
  return join(home, path);
}

test("what earlier versions left is listed with its size and removed; the rest stays", async () => {
  const cache = "cache/attention-is-not-explanation";
  const study = write("results/study/quick/sst/bilstm-additive/seed-0/instances.csv", "id,words\n");
  write("results/study/quick/sst/bilstm-additive/seed-0/config.json", "{}");
  const model = write(`${cache}/models/old/config.json`, '{"formatVersion": 2}');
  const left = [
    join(study, ".."),
    join(model, ".."),
    join(write(`${cache}/prepared/sst.json`, "{}"), ".."),
    write(`${cache}/vectors/selected/a.bin`, "1"),
    ...["addon-0123456789abcdef/tfjs_binding.node", "tensorflow-2.15.1-54660c074d72/tensorflow/lib"].map((path) =>
      write(`${cache}/native/${path}`, "123").replace(/(native\/[^/]+).*/, "$1"),
    ),
  ];
  const { tensorflow, addon } = native.nativeFiles();
  const kept = [
    ...[tensorflow, addon].map((path) => write(path.slice(home.length), "")),
    write(`${cache}/native/zig/ziglang/zig`, ""),
    write(`${cache}/vectors/selected/a.gz`, ""),
    write("results/study/quick/sst/new/manifest.json", "{}"),
    write(`${cache}/models/new/config.json`, '{"formatVersion": 3}'),
    write(`${cache}/models/damaged/config.json`, "{"),
  ];
  const found = await leftovers.findLeftovers();
  assert.deepEqual(
    found.map(({ path, bytes }) => [path, bytes]),
    left.map((path, index) => [path, [11, 20, 2, 1, 3, 3][index]]),
  );
  const lines: string[] = [];
  await leftovers.removeLeftovers({ line: (line: string) => lines.push(line) });
  assert.match(lines.at(-1)!, /^Removed: 6 files and folders, 0 MB\.$/);
  assert.match(lines[0]!, /^0 MB {2}\S+ \(a study of 0\.3\.0 or earlier\)$/);
  assert.ok(!left.some(existsSync) && kept.every(existsSync));
  await leftovers.removeLeftovers({ line: (line: string) => lines.push(line) });
  assert.equal(lines.at(-1), "Nothing is left over.");
});
