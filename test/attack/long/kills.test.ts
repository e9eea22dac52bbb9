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
async function killOne({ child }: Running, signal: NodeJS.Signals): Promise<number[]> {
  const all = descendants(child.pid!);
  const workers = all.filter(({ command }) => command.includes("studyWorker")).map(({ pid }) => pid);
  const victims = [child.pid!, ...workers];
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

test("three at once on one folder that nothing happens to: each configuration is computed once, the others read it", async () => {
  const ends = await Promise.all([1, 2, 3].map(() => startStudy(command("together")).ended));
  for (const { code, printed } of ends) assert.equal(code, 0, printed);
  const all = ends.map(({ printed }) => printed).join("");
  assert.equal(all.match(/, was there already: /g)?.length, 6, all);
  assert.deepEqual(results(join(folder, "together")), expected);
});

test("--jobs 2 with a worker that is killed: it is told why, the others are computed, the next start computes the rest", async () => {
  const slow = (out: string, ...more: string[]) =>
    command(out, ...more).map((word) => (word === "epochs=2" ? "epochs=600" : word));
  const running = startStudy(slow("jobs", "--jobs", "2", "--json"));
  await running.printed(/"stage":"training"/);
  const all = descendants(running.child.pid!);
  const workers = all.filter(({ command }) => command.includes("studyWorker")).map(({ pid }) => pid);
  assert.equal(workers.length, 2);
  process.kill(workers[0]!, "SIGKILL");
  const { code, printed } = await running.ended;
  const told = printed.split("\n").flatMap((line) => (line.startsWith("{") ? JSON.parse(line) : []));
  const events = (wanted: string) => told.filter(({ event }) => event === wanted);
  assert.deepEqual([code, events("failed").length, events("done").length], [1, 1, 2], printed);
  assert.match(
    events("failed")[0].message,
    /^Its process was ended by SIGKILL, as happens when memory runs out \(this machine has [\d.]+ GiB\); take fewer --jobs, .*, and the same command goes on from what is kept\.$/,
  );
  assert.deepEqual(await untilGone(all.map(({ pid }) => pid)), [], "somebody is left");
  for (const out of ["jobs", "one job"]) assert.equal((await startStudy(slow(out)).ended).code, 0);
  assert.deepEqual(results(join(folder, "jobs")), results(join(folder, "one job")));
});
