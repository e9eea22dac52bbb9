import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { before, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createRandom } from "../../../src/stats/random";
import { attackFolder, tinyCorpus, tinyModel } from "../attacks";
import { descendants, type Running, results, startStudy, undisturbed, untilGone } from "../processes";

// Every process of a study is killed at random moments, also where several work on one folder: the same bits, nobody is left.

const { folder, put } = attackFolder();
const corpus = put("tiny.csv", tinyCorpus());
const command = (out: string, ...more: string[]) => [
  ...["study", "--corpus-file", corpus, "--out", join(folder, out), "--test-limit", "8"],
  ...[...tinyModel, "--seed", "0,1,2", ...more],
];
const random = createRandom(process.env.ATTACK_SEED ?? "kills");
let expected: Record<string, string>;
/** Milliseconds that it takes if nothing happens. */
let usual: number;

before(async () => {
  ({ usual, expected } = await undisturbed(command("whole"), join(folder, "whole")));
});

beforeEach(() => rmSync(join(folder, "cache"), { recursive: true, force: true }));

async function finish(out: string): Promise<void> {
  const { code, printed } = await startStudy(command(out)).ended;
  assert.equal(code, 0, printed);
  assert.deepEqual(results(join(folder, out)), expected);
}

/** Kills one of the processes of a study, itself among them, by a signal. */
async function killOne({ child }: Running, signal: NodeJS.Signals, workersOnly = false): Promise<number[]> {
  const all = descendants(child.pid!);
  const workers = all.filter(({ command }) => command.includes("studyWorker")).map(({ pid }) => pid);
  const victims = workersOnly && workers.length > 0 ? workers : [child.pid!, ...workers];
  const victim = victims[random.integer(victims.length)]!;
  if (child.exitCode === null && child.signalCode === null) process.kill(victim, signal);
  return all.map(({ pid }) => pid);
}

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)
  test(`eight times ${signal} for one of its processes`, { timeout: 1_200_000 }, async () => {
    for (let kill = 0; kill < 8; kill++) {
      const running = startStudy(command(signal));
      await Promise.race([running.ended, pause((0.2 + random.uniform()) * usual)]);
      const others = await killOne(running, signal);
      const { printed } = await running.ended;
      assert.doesNotMatch(printed, /^ +at |Getter/m);
      assert.deepEqual(await untilGone(others), [], "somebody is left");
    }
    await finish(signal);
  });

for (const count of [2, 3])
  test(`${count} at once on one folder, killed eight times`, { timeout: 1_200_000 }, async () => {
    const out = `at once ${count}`;
    for (let kill = 0; kill < 8; kill++) {
      const all = Array.from({ length: count }, () => startStudy(command(out)));
      await pause((0.3 + random.uniform()) * usual);
      const others = await Promise.all(all.map((running) => killOne(running, "SIGKILL")));
      for (const running of all) {
        if (running.child.exitCode === null) running.child.kill("SIGKILL");
        await running.ended;
      }
      assert.deepEqual(await untilGone(others.flat()), [], "somebody is left");
    }
    const ends = Array.from({ length: count }, () => startStudy(command(out)).ended);
    for (const { code, printed } of await Promise.all(ends)) assert.equal(code, 0, printed);
    assert.deepEqual(results(join(folder, out)), expected);
  });

test("--jobs 2 with a worker that is killed: the others are computed, the next start computes the rest", async () => {
  const running = startStudy(command("jobs", "--jobs", "2"));
  await pause(0.5 * usual);
  const others = await killOne(running, "SIGKILL", true);
  const { printed } = await running.ended;
  assert.match(printed, /ended by SIGKILL, as happens when memory runs out|3 of 3 configurations/);
  assert.deepEqual(await untilGone(others), []);
  await finish("jobs");
});
