import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { after, test } from "node:test";
import {
  environmentIsReady,
  findPython,
  kernelspec,
  lockFolder,
  packagesMatch,
  requireWritable,
} from "../../../src/cli/setup/prepare.cjs";
import * as paths from "../../../src/paths";

const folder = mkdtempSync(join(tmpdir(), "prepare-"));
after(() => rmSync(folder, { recursive: true }));

function program(name: string, answer: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${answer}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("an old Node is told so, with the commands that install a newer one, and exit code 1", () => {
  const pretend = join(folder, "old-node.cjs");
  writeFileSync(
    pretend,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.9" } });`,
  );
  const bootstrap = join(paths.projectFolder, "src", "cli", "setup", "bootstrap.mjs");
  const { status, stderr } = spawnSync(process.execPath, ["--require", pretend, bootstrap, "doctor"], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^Node\.js 20\.19 or newer is needed, but this is 20\.18\.9; .*Debian.*Fedora.*macOS.*\n$/);
});

test("the first Python is taken that is new enough and has venv", async () => {
  const old = program("python-old", "echo 3 8 1");
  const bare = program("python-bare", "echo 3 11 0");
  const two = program("python-two", "echo 2 7 0");
  const good = program("python-good", "echo 3 9 1");
  assert.equal(await findPython(["no-such-python", two, old, bare, good]), good);
  await assert.rejects(findPython(["no-such-python"]), /needed, but there is none; install it: Debian/);
  await assert.rejects(findPython([old]), /python-old is 3\.8; install it/);
  await assert.rejects(
    findPython([good], 11),
    /^UserError: Python 3\.11 or newer .* is needed, but .*python-good is 3\.9; install/,
  );
  await assert.rejects(findPython([old, bare]), /python-bare \(3\.11\) has no complete venv module; .*python3-venv/);
});

test("the cache folder is in the one that XDG_CACHE_HOME names, else in the user's own", () => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = folder;
  try {
    assert.equal(paths.cacheFolder(), join(folder, "attention-is-not-explanation"));
    delete process.env.XDG_CACHE_HOME;
    assert.ok(paths.cacheFolder().startsWith(homedir()));
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});

test("a cache folder that cannot be made is one sentence", () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  assert.throws(
    () => requireWritable(join(file, "cache")),
    /cannot be written \(ENOTDIR\); make it writable, or set XDG_CACHE_HOME/,
  );
  const cache = join(folder, "new", "cache");
  requireWritable(cache);
  assert.equal(statSync(cache).mode & 0o777, 0o700);
  chmodSync(cache, 0o755);
  requireWritable(cache);
  assert.equal(statSync(cache).mode & 0o777, 0o700, "logs and JupyterLab's files in it can hold a password or a token");
});

test("the packages match if every one of the lockfile is there in its version, but those for other platforms", () => {
  const project = join(folder, "project");
  const install = (path: string) => {
    mkdirSync(join(project, path), { recursive: true });
    writeFileSync(join(project, path, "package.json"), "{}");
  };
  const note = (path: string, packages: object) => writeFileSync(join(project, path), JSON.stringify({ packages }));
  install("node_modules/a");
  note("package-lock.json", {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/mac": { version: "2.0.0", optional: true },
  });
  assert.equal(packagesMatch(project), false);
  note("node_modules/.package-lock.json", { "node_modules/a": { version: "1.0.0" } });
  assert.equal(packagesMatch(project), true);
  note("node_modules/.package-lock.json", { "node_modules/a": { version: "1.0.1" } });
  assert.equal(packagesMatch(project), false);
  note("node_modules/.package-lock.json", { "node_modules/a": { version: "1.0.0" } });
  rmSync(join(project, "node_modules/a"), { recursive: true });
  assert.equal(packagesMatch(project), false);
});

test("an environment without the mark of a completed set-up is not ready", () => {
  const environment = join(folder, ".venv");
  mkdirSync(join(environment, "bin"), { recursive: true });
  writeFileSync(join(environment, "bin", "python"), "");
  assert.equal(environmentIsReady(environment), false);
  writeFileSync(join(environment, "set-up.sha256"), "of other requirements");
  assert.equal(environmentIsReady(environment), false);
});

test("the kernelspec works from any folder and is interrupted by a signal", () => {
  const { argv, display_name, language, interrupt_mode } = kernelspec;
  assert.deepEqual([display_name, language, interrupt_mode], ["TypeScript (attention)", "typescript", "signal"]);
  assert.equal(argv.length, 3);
  for (const path of argv.slice(0, 2)) assert.ok(isAbsolute(path) && existsSync(path), path);
  assert.equal(argv[2], "{connection_file}");
});

test("the second owner of a lock waits for the first", async () => {
  const lock = join(folder, "locks", "one");
  const order: string[] = [];
  const release = await lockFolder(lock, () => order.push("first waits"));
  const second = lockFolder(lock, () => order.push("second waits")).then((releaseSecond) => {
    order.push("second works");
    releaseSecond();
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  order.push("first ends");
  release();
  await second;
  assert.deepEqual(order, ["second waits", "first ends", "second works"]);
  assert.equal(existsSync(lock), false);
});

test("a lock that its owner no longer renews is taken over", async () => {
  const lock = join(folder, "locks", "stale");
  mkdirSync(lock, { recursive: true });
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  const release = await lockFolder(lock, () => assert.fail("waited for a dead owner"));
  release();
});
