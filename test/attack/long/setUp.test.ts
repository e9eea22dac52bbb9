import assert from "node:assert/strict";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../../../src/paths";
import { attackFolder } from "../attacks";
import { descendants, startProcess, untilGone } from "../processes";

// A copy of the project is set up from nothing, by three at once of which one is killed: minutes, and some 500 MB to download.

const { folder } = attackFolder();
const copy = join(folder, "copy");
const made = /^(node_modules|\.venv.*|results|\.git|\.snakemake)$/;

test("three set-ups at once on one empty cache: the others wait, one goes on where one was killed, nobody is left", {
  timeout: 3_600_000,
}, async () => {
  const isSource = (path: string) => !made.test(path.slice(projectFolder.length + 1));
  cpSync(projectFolder, copy, { recursive: true, filter: isSource });
  const start = () => startProcess([process.execPath, "src/cli/setup/bootstrap.mjs", "doctor", "--json"], copy);
  const waits = /Another set-up of this folder is at work; waiting until it is done\./;
  const killed = start();
  await killed.printed(/Setting up/);
  const others = [start(), start()];
  for (const other of others) await other.printed(waits);
  const programs = descendants(killed.child.pid!).map(({ pid }) => pid);
  assert.ok(programs.length > 0, "npm and pip are at work");
  killed.child.kill("SIGKILL");
  await killed.ended;
  assert.deepEqual(await untilGone(programs), [], "npm or pip goes on without the set-up");
  const ends = await Promise.all(others.map(({ ended }) => ended));
  for (const { code, printed } of ends) {
    assert.equal(code, 0, printed);
    assert.match(printed, /"verdict": "healthy"/);
  }
  const all = ends.map(({ printed }) => printed).join("");
  for (const once of [
    / {2}npm packages \(/g,
    /Python environment with JupyterLab \(/g,
    /Downloaded libtensorflow .*\(/g,
  ])
    assert.equal(all.match(once)?.length, 1, all);
  assert.match(all, /Another set-up works on .*native; waiting until it is done\./);
  const native = readdirSync(join(folder, "cache", "attention-is-not-explanation", "native"));
  assert.deepEqual(native.map((name) => name.replace(/-.*/, "")).sort(), ["addon", "tensorflow"]);
});
