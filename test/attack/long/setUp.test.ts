import assert from "node:assert/strict";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { projectFolder } from "../../../src/paths";
import { attackFolder } from "../attacks";
import { descendants, type Running, startProcess, untilGone } from "../processes";

// A copy of the project is set up from nothing: minutes, and some 500 MB to download.

const { folder } = attackFolder();
const [copy, cache] = [join(folder, "copy"), join(folder, "cache")];
const made = /^(node_modules|\.venv.*|results|\.git|\.snakemake)$/;
const command = [process.execPath, "src/cli/setup/bootstrap.mjs", "doctor", "--json"];
const waits = /Another set-up of this folder is at work; waiting until it is done\./;

beforeEach(() => {
  for (const old of [copy, cache]) rmSync(old, { recursive: true, force: true });
  const isSource = (path: string) => !made.test(path.slice(projectFolder.length + 1));
  cpSync(projectFolder, copy, { recursive: true, filter: isSource });
});

/** Kills the process that was started, while the programs that it has started are at work: they end with it. */
async function kill({ child, ended, printed }: Running): Promise<void> {
  await printed(/Setting up/);
  const running = () => descendants(child.pid!).filter(({ command }) => /npm-cli|bin\/npm|pip install/.test(command));
  for (let tries = 0; running().length === 0 && tries < 100; tries++) await pause(100);
  // Python's venv ends by itself.
  const programs = descendants(child.pid!).filter(({ command }) => !/-m (venv|ensurepip)/.test(command));
  child.kill("SIGKILL");
  await ended;
  assert.ok(programs.length > 0);
  const left = await untilGone(programs.map(({ pid }) => pid));
  assert.deepEqual(
    programs.filter(({ pid }) => left.includes(pid)),
    [],
    "a program goes on without its set-up",
  );
}

test("a set-up whose npm is killed ends, and so do the programs of one that is killed", {
  timeout: 600_000,
}, async () => {
  await kill(startProcess(["npm", "run", "doctor", "--", "--json"], copy));
  await kill(startProcess(command, copy));
});

test("three set-ups at once on one empty cache: the others wait, one goes on where one was killed", {
  timeout: 3_600_000,
}, async () => {
  const killed = startProcess(command, copy);
  await killed.printed(/Setting up/);
  const others = [startProcess(command, copy), startProcess(command, copy)];
  for (const other of others) await other.printed(waits);
  await kill(killed);
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
  const native = readdirSync(join(cache, "attention-is-not-explanation", "native"));
  assert.deepEqual(native.map((name) => name.replace(/-.*/, "")).sort(), ["addon", "libtensorflow"]);
});
