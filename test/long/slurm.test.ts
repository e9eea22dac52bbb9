import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { lackingForSlurm, SlurmCluster, waitUntil } from "./slurm";
import { relink, Sweep } from "./sweep";

const group = "{corpus: reviews, encoder: [bilstm, average], seed: [0, 1], limit: 300}";

test("a sweep through Slurm that loses two jobs and the node's daemon ends with the bits of a local one", async (t) => {
  const lack = lackingForSlurm();
  if (lack !== undefined) return t.skip(lack);
  const folder = mkdtempSync(join(tmpdir(), "sweep-"));
  const cluster = new SlurmCluster(join(folder, "cluster"));
  t.after(async () => {
    await cluster.stop();
    await relink();
    rmSync(folder, { recursive: true });
  });
  await cluster.ready();
  const through = new Sweep(folder, "slurm", group);
  const ended = through.run("--profile", "slurm");
  const job = (rule: string) => cluster.running().find(({ comment }) => comment.startsWith(`rule_${rule}`));

  await waitUntil(() => job("train") !== undefined, 300, "training");
  const cancelled = job("train")!;
  cluster.ask("scancel", cancelled.id);
  await waitUntil(() => job("train") !== undefined && job("train")!.id !== cancelled.id, 300, "second training");
  const killed = job("train")!;
  await waitUntil(() => cluster.processes(killed.id).length > 2, 60, "process of the second training");
  for (const pid of cluster.processes(killed.id)) process.kill(pid, "SIGKILL");
  await cluster.restartNode();

  const { code, output } = await ended;
  assert.equal(code, 0, output);
  assert.match(output, /failed/, "the two lost jobs are told");
  assert.match(output, /Done: 4 of 4 configurations/);
  const local = new Sweep(folder, "local", group);
  const here = await local.run("--jobs", "2");
  assert.equal(here.code, 0, here.output);
  const bits = local.bits();
  assert.ok(Object.keys(bits).length >= 4 * 2 + 3, Object.keys(bits).join(" "));
  assert.deepEqual(through.bits(), bits);
});
