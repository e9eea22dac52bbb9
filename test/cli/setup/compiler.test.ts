import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { compileAddon, compileProblem, installedCompilers, nativeFlags } from "../../../src/cli/setup/compiler";

const folder = mkdtempSync(join(tmpdir(), "compiler-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

function fakeProgram(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A compiler that writes its arguments into the file after -o. */
const fake = `all="$*"; while [ $# -gt 0 ]; do [ "$1" = -o ] && echo "$all" > "$2"; shift; done`;

test("CXX comes first, then g++ and clang++, and only those that answer", async () => {
  fakeProgram("g++", "exit 0");
  const mine = fakeProgram("my-compiler", "exit 0");
  const names = async (env: NodeJS.ProcessEnv) => (await installedCompilers(env, "linux")).map(({ name }) => name);
  assert.deepEqual(await names({ PATH: folder }), ["g++"]);
  assert.deepEqual(await names({ PATH: folder, CXX: `${mine} -m64` }), [`${mine} -m64`, "g++"]);
  assert.deepEqual(await names({ PATH: join(folder, "empty"), CXX: "no-such-compiler" }), []);
});

test("each source is compiled with its own flags, and all objects are linked", async () => {
  const command = [fakeProgram("cxx", fake)];
  const output = join(folder, "out");
  await compileAddon(
    { name: "fake", command },
    {
      sources: [
        { path: "/x/one.cc", flags: ["-O2"] },
        { path: "/x/two.cc", flags: ["-O3"] },
      ],
      includes: ["/headers"],
      libraries: ["/lib/libt.so.2"],
      libraryFolders: ["../t", "../../deps/lib"],
    },
    { folder: output, name: "addon.node", log: join(folder, "log") },
  );
  const link = readFileSync(join(output, "addon.node"), "utf8");
  assert.match(
    link,
    /-shared .*one\.cc\.o .*two\.cc\.o .*libt\.so\.2.* -Wl,-rpath,\S+\/\.\.\/t -Wl,-rpath,\S+\/\.\.\/\.\.\/deps\/lib/,
  );
  assert.match(readFileSync(join(folder, "log.two.cc.log"), "utf8"), /-O3 -I \/headers -c \/x\/two\.cc/);
  assert.equal(existsSync(join(output, "objects")), false);
});

test("a refused source is told by the compiler's first error and the log", async () => {
  mkdirSync(join(folder, "bad"), { recursive: true });
  const command = [
    fakeProgram("bad-cxx", `echo "one.cc:3:1: error: no such thing"; echo "one.cc:9:1: error: other"; exit 1`),
  ];
  const addon = { sources: [{ path: "/x/one.cc", flags: [] }], includes: [], libraries: [], libraryFolders: [] };
  const target = { folder: join(folder, "bad"), name: "addon.node", log: join(folder, "bad-log") };
  const error = await compileAddon({ name: "bad", command }, addon, target).catch((reason) => reason);
  assert.equal(compileProblem(error), `one.cc:3:1: error: no such thing (see ${folder}/bad-log.one.cc.log)`);
});

test("the flags for this machine's processor are those that its compilers know", () => {
  assert.deepEqual([nativeFlags("x64"), nativeFlags("arm64")], [["-march=native"], ["-mcpu=native"]]);
});
