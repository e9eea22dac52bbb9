import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectFolder } from "../../src/paths";
import { KubernetesApi } from "./kubernetesApi";
import { relink, Sweep } from "./sweep";

const folder = mkdtempSync(join(tmpdir(), "kubernetes-"));
after(async () => {
  await relink();
  rmSync(folder, { recursive: true });
});

/** Checks files of objects against the published schemas. @throws Error with what breaks them */
function validate(...files: string[]): void {
  const python = join(projectFolder, ".venv-workflow", "bin", "python");
  const target = join(folder, "validator");
  const requirements = join(projectFolder, "test", "long", "kubernetes-validate.txt");
  if (!existsSync(target)) {
    const install = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", target];
    execFileSync(python, [...install, "--requirement", requirements]);
  }
  const check = ["-m", "kubernetes_validate", "--strict", "--kubernetes-version", "1.31", ...files];
  const env = { ...process.env, PYTHONPATH: target };
  const { status, stdout, stderr } = spawnSync(python, check, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(stdout + stderr);
}

test("the jobs of a sweep are those of the published API, with memory as a limit, and compute what a user computes", async () => {
  const sweep = new Sweep(folder, "pods", "{corpus: reviews, encoder: average, limit: 200}");
  const api = new KubernetesApi(sweep.environment, folder);
  const server = await api.start();
  const cluster = { name: "test", cluster: { server } };
  const context = { name: "test", context: { cluster: "test", user: "test" } };
  const access = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [cluster],
    contexts: [context],
    users: [{ name: "test", user: {} }],
  };
  writeFileSync(join(folder, "kubeconfig"), JSON.stringify({ ...access, "current-context": "test" }));
  sweep.environment.KUBECONFIG = join(folder, "kubeconfig");
  const { code, output } = await sweep.run("--profile", "kubernetes");
  await api.stop();
  assert.equal(code, 0, output);
  assert.match(output, /Done: 1 of 1 configuration in/);
  assert.ok(Object.keys(sweep.bits()).length >= 5);

  assert.ok(api.jobs.length >= 5, `${api.jobs.length} jobs`);
  const files = api.jobs.map((job, index) => {
    const path = join(folder, `job-${index}.json`);
    writeFileSync(path, JSON.stringify({ apiVersion: "batch/v1", kind: "Job", ...job }));
    return path;
  });
  validate(...files);
  for (const job of api.jobs) {
    const [container] = job.spec.template.spec.containers as unknown as [{ resources: object; volumeMounts: object[] }];
    assert.match(JSON.stringify(container.resources), /"limits":\{.*"memory":"\d+M"/);
    assert.match(JSON.stringify(container.volumeMounts), /"mountPath":"\/shared"/);
  }
  assert.ok(!JSON.stringify(api.jobs).includes("node.kubernetes.io/instance-type"), "no node is asked for");
});

test("what starts a sweep inside a cluster is of the published API, and a wrong field of it is told", () => {
  validate(join(projectFolder, "workflow", "profiles", "kubernetes", "sweep.yaml"));
  const wrong = join(folder, "wrong.json");
  writeFileSync(
    wrong,
    JSON.stringify({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" }, spec: { templates: {} } }),
  );
  assert.throws(() => validate(wrong), /template/);
});
