import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createRandom } from "../../src/stats/random";
import { attackFolder, tinyCorpus, tinyModel } from "./attacks";
import { descendants, results, startStudy, undisturbed, untilGone } from "./processes";

// Processes of a study that are killed, and a disk that is full: the same command goes on, and ends with the same bits.

const { folder, put } = attackFolder();
const corpus = put("tiny.csv", tinyCorpus());
const study = (out: string) => ["--corpus-file", corpus, "--out", join(folder, out), "--test-limit", "8", ...tinyModel];
const command = (out: string) => ["study", ...study(out), "--seed", "0,1"];
let expected: Record<string, string>;
/** Milliseconds that it takes if nothing happens. */
let usual: number;

before(async () => {
  ({ usual, expected } = await undisturbed(command("whole"), join(folder, "whole")));
});

/** As if nothing had been trained. */
function forget(): void {
  rmSync(join(folder, "cache"), { recursive: true, force: true });
}

test("killed five times at random moments, itself or its worker, it ends with the same bits and leaves nobody", async () => {
  forget();
  const random = createRandom("five kills");
  const told: string[] = [];
  for (let kill = 0; kill < 5; kill++) {
    const { child, ended } = startStudy(command("killed"));
    await Promise.race([ended, pause((0.35 + 0.6 * random.uniform()) * usual)]);
    const [worker] = descendants(child.pid!).filter(({ command }) => command.includes("studyWorker"));
    const victim = kill % 2 === 0 || worker === undefined ? child.pid! : worker.pid;
    if (child.exitCode === null) process.kill(victim, "SIGKILL");
    const { code, signal, printed } = await ended;
    told.push(`${code ?? signal}`);
    assert.deepEqual(worker && (await untilGone([worker.pid])), worker && [], "a worker outlives its study");
    if (victim === worker?.pid && code === 1)
      assert.match(
        printed,
        /ended by SIGKILL, as happens when memory runs out .* the same command goes on from what is kept/,
      );
    assert.doesNotMatch(printed, /^ +at /m);
  }
  const { code, printed } = await startStudy(command("killed")).ended;
  assert.equal(code, 0, `${told}: ${printed}`);
  assert.deepEqual(results(join(folder, "killed")), expected);
});

test("where no file can be larger than 8 kB it says so; with more space the same command goes on", async () => {
  const one = ["study", ...study("full")];
  const { code, printed } = await startStudy(one, ["sh", "-c", 'ulimit -f 16; exec "$0" "$@"']).ended;
  assert.equal(code, 1, printed);
  assert.match(printed, /failed: .*There is no space left .*; free some and start again\./);
  assert.doesNotMatch(printed, /^ +at /m);
  assert.equal((await startStudy(one).ended).code, 0);
  const made = results(join(folder, "full"));
  for (const name of Object.keys(made)) assert.equal(made[name], expected[name], name);
  assert.equal(Object.keys(made).length, 4);
});
