import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compileAddon, installedCompilers } from "../../../src/cli/setup/nativeBackend";
import { cacheFolder } from "../../../src/paths";

const folder = mkdtempSync(join(tmpdir(), "compiler-"));
const outer = { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME, CXX: process.env.CXX };
before(() => {
  process.env.XDG_CACHE_HOME = folder;
});
after(() => {
  for (const name of ["XDG_CACHE_HOME", "CXX"] as const)
    if (outer[name] === undefined) delete process.env[name];
    else process.env[name] = outer[name];
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

function fakeProgram(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("CXX comes first, with its arguments", async () => {
  process.env.CXX = " /opt/my-compiler  -m64";
  assert.deepEqual((await installedCompilers())[0], ["/opt/my-compiler", "-m64"]);
  delete process.env.CXX;
  assert.notEqual((await installedCompilers())[0]?.[0], "/opt/my-compiler");
});

test("each source is compiled, and all objects are linked with the libraries, found beside the addon", async () => {
  // A compiler that writes its arguments into the file after -o.
  const script = `all="$*"; while [ $# -gt 0 ]; do [ "$1" = -o ] && echo "$all" > "$2"; shift; done`;
  const addon = join(folder, "out", "addon.node");
  const tensorflow = join(folder, "libtensorflow-1", "tensorflow");
  await compileAddon([fakeProgram("cxx", script), "-m64"], { tensorflow, addon, flags: ["-O2"] });
  const link = readFileSync(addon, "utf8");
  assert.match(link, /^-m64 -shared .*tfjs_binding\.cc\.o .*adversary\.cc\.o .*\/libtensorflow_cc\S* /);
  assert.match(link, /-Wl,-rpath,\S+\/\.\.\/libtensorflow-1\/tensorflow$/m);
  assert.match(
    readFileSync(join(cacheFolder(), "logs", "compile.amsgrad.cc.log"), "utf8"),
    /-m64 -O2 -I\S+ -I\S+\/tensorflow\/include -c \S+\/amsgrad\.cc/,
  );
  assert.equal(existsSync(`${addon}.objects`), false);
});

test("a refused source ends it, with what the compiler said", async () => {
  const compiler = fakeProgram("bad-cxx", `echo "one.cc:3:1: error: no such thing"; exit 1`);
  const addon = join(folder, "bad", "addon.node");
  await assert.rejects(compileAddon([compiler], { tensorflow: folder, addon }), {
    name: "CommandError",
    output: "one.cc:3:1: error: no such thing\n",
  });
});
