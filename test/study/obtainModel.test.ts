import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { loadBackend } from "../../src/backend/tensorflow";
import { UserError } from "../../src/errors";
import { decodeTensors } from "../../src/model/checkpoint";
import { predict } from "../../src/model/predict";
import type { TrainingProgress } from "../../src/model/train";
import { cacheFolder } from "../../src/paths";
import { obtainModel } from "../../src/study/obtainModel";
import { smallDataset, smallOptions } from "../model/smallModel";
import { runNode } from "../runNode";

const dataset = smallDataset();
let home: string;
const outer = process.env.XDG_CACHE_HOME;

beforeEach(async () => {
  await loadBackend();
  home = useNewCache();
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  if (outer === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = outer;
});

function useNewCache(): string {
  const folder = mkdtempSync(join(tmpdir(), "attention-experiment-"));
  process.env.XDG_CACHE_HOME = folder;
  return folder;
}

const modelsFolder = () => join(cacheFolder(), "models");

/** The folder of the one model in the cache. */
function onlyModel(): string {
  const folders = readdirSync(modelsFolder());
  assert.equal(folders.length, 1, `one model was expected: ${folders}`);
  return join(modelsFolder(), folders[0]!);
}

/** A checksum of the weights alone, as the log beside them holds seconds. */
function weightsOf(path: string): string {
  const hash = createHash("sha256");
  for (const [name, { shape, values }] of Object.entries(decodeTensors(readFileSync(path)).tensors)) {
    hash.update(`${name} ${shape}`).update(new Uint8Array(values.buffer));
  }
  return hash.digest("hex");
}

const finishedWeights = () => weightsOf(join(onlyModel(), "model.safetensors"));

test("a model is trained once, then read from the cache folder with the same predictions", async () => {
  const told: TrainingProgress[] = [];
  const onProgress = (progress: TrainingProgress) => told.push(progress);
  const first = await obtainModel(dataset, smallOptions, { onProgress });
  assert.equal(first.source, "trained");
  assert.equal(told.at(-1)!.done, told.at(-1)!.total);
  assert.deepEqual(readdirSync(onlyModel()).sort(), ["config.json", "model.safetensors"]);
  const { length } = told;
  const second = await obtainModel(dataset, smallOptions, { onProgress });
  assert.equal(second.source, "cache");
  assert.equal(told.length, length, "nothing was trained");
  assert.deepEqual(second.log, first.log);
  assert.deepEqual(await predict(second.model, dataset.test), await predict(first.model, dataset.test));
  const { corpus, config } = JSON.parse(readFileSync(join(onlyModel(), "config.json"), "utf8"));
  assert.equal(corpus, "small");
  assert.equal(config.hiddenSize, 5);
});

test("a model is kept for each config and each training data, but not for each test split", async () => {
  const count = () => readdirSync(modelsFolder()).length;
  await obtainModel(dataset, smallOptions);
  const { test: _, ...rest } = dataset;
  assert.equal((await obtainModel({ ...rest, test: [] }, smallOptions)).source, "cache");
  assert.equal(count(), 1);
  assert.equal((await obtainModel(dataset, { ...smallOptions, seed: 1 })).source, "trained");
  assert.equal(count(), 2);
  const [example, ...others] = dataset.train;
  const train = [{ ...example!, label: 1 - example!.label }, ...others];
  assert.equal((await obtainModel({ ...dataset, train }, smallOptions)).source, "trained");
  assert.equal(count(), 3);
});

test("a damaged model is said and trained anew", async (context) => {
  await obtainModel(dataset, smallOptions);
  const path = join(onlyModel(), "model.safetensors");
  const whole = readFileSync(path);
  const weights = weightsOf(path);
  const changed = Buffer.from(whole);
  changed[whole.length - 100]! ^= 1;
  const damages: [string, Buffer][] = [
    ["cut", whole.subarray(0, whole.length / 2)],
    ["empty", Buffer.alloc(0)],
    ["one bit changed", changed],
  ];
  for (const [what, bytes] of damages) {
    writeFileSync(path, bytes);
    const warn = context.mock.method(console, "warn", () => {});
    const { source } = await obtainModel(dataset, smallOptions);
    assert.equal(source, "trained", what);
    assert.equal(warn.mock.callCount(), 1, what);
    const said = String(warn.mock.calls[0]!.arguments[0]);
    assert.ok(said.startsWith(`${path} is damaged and is made anew. `), `${what}: ${said}`);
    warn.mock.restore();
    assert.equal(weightsOf(path), weights, what);
  }
});

/** Stops the training after so many batches. */
async function stopAfter(batches: number): Promise<void> {
  const controller = new AbortController();
  const onProgress = ({ done }: TrainingProgress) => done === batches && controller.abort();
  await assert.rejects(obtainModel(dataset, smallOptions, { onProgress, signal: controller.signal }), {
    name: "UserError",
    message: /^Training was stopped in epoch 2; 1 finished epoch is kept, and the next call goes on from there\.$/,
  });
}

test("a stopped training keeps its epochs, and the next call goes on from there to the same weights", async () => {
  await obtainModel(dataset, smallOptions);
  const uninterrupted = finishedWeights();
  rmSync(modelsFolder(), { recursive: true });
  await stopAfter(12);
  assert.deepEqual(readdirSync(onlyModel()), ["config.json", "training.safetensors"]);
  const told: TrainingProgress[] = [];
  const { source, log } = await obtainModel(dataset, smallOptions, { onProgress: (progress) => told.push(progress) });
  assert.equal(source, "trained");
  assert.equal(told[0]!.epoch, 2);
  assert.equal(log.length, 3);
  assert.equal(finishedWeights(), uninterrupted);
});

test("a damaged checkpoint is said, and training begins anew", async (context) => {
  await stopAfter(9);
  const path = join(onlyModel(), "training.safetensors");
  writeFileSync(path, readFileSync(path).subarray(0, 1000));
  const warn = context.mock.method(console, "warn", () => {});
  const told: TrainingProgress[] = [];
  await obtainModel(dataset, smallOptions, { onProgress: (progress) => told.push(progress) });
  assert.equal(warn.mock.callCount(), 1);
  assert.equal(told[0]!.epoch, 1);
});

test("training that is killed again and again ends with the bits of an uninterrupted one", async () => {
  await obtainModel(dataset, smallOptions);
  const uninterrupted = finishedWeights();
  rmSync(home, { recursive: true });
  home = useNewCache();
  const script = join(__dirname, "..", "trainSmall.ts");
  const first: string[] = [];
  for (const lastBatch of [5, 11, 18]) {
    const { signal, output } = await runNode([script], { HANG_AFTER: String(lastBatch) }, (text, kill) => {
      if (text.includes(`done ${lastBatch}\n`)) kill("SIGKILL");
    });
    assert.equal(signal, "SIGKILL", output);
    first.push(output.match(/^done (\d+)$/m)![1]!);
    assert.ok(!existsSync(join(onlyModelOrNothing(), "model.safetensors")));
  }
  const { exitCode, output } = await runNode([script]);
  assert.equal(exitCode, 0, output);
  first.push(output.match(/^done (\d+)$/m)![1]!);
  // A checkpoint is written behind the epoch that follows.
  assert.match(first.join(" "), /^1 1 (1|9) (9|17)$/, "the first batch after each start");
  assert.equal(finishedWeights(), uninterrupted);
});

function onlyModelOrNothing(): string {
  return existsSync(modelsFolder()) ? onlyModel() : modelsFolder();
}

async function assertRefused(message: RegExp): Promise<void> {
  await assert.rejects(obtainModel(dataset, smallOptions), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

test("a cache folder that cannot be read is said in one sentence", async () => {
  const file = join(home, "file");
  writeFileSync(file, "not a folder");
  process.env.XDG_CACHE_HOME = file;
  await assertRefused(/^The saved model .+ cannot be read \(ENOTDIR\); check its permissions or remove it\.$/);
});

test("a cache folder that cannot be written is said in one sentence", async () => {
  await mkdir(cacheFolder(), { recursive: true });
  symlinkSync(join(home, "nowhere"), modelsFolder());
  await assertRefused(/models.+ cannot be used \(\w+: [\w ]+\); make it usable, or name another place\.$/);
});

test("a wrong option is refused before anything is trained", async () => {
  const onProgress = mock.fn();
  await assert.rejects(obtainModel(dataset, { epochs: 1 }, { onProgress }), {
    message: /^The option "epochs" must be/,
  });
  assert.equal(onProgress.mock.callCount(), 0);
  assert.ok(!existsSync(modelsFolder()));
});
