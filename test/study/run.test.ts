import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom } from "../../src/stats/random";
import { instanceColumns } from "../../src/study/analyze";
import { runStudy, type StudyJob, type StudyProgress } from "../../src/study/run";

const folder = mkdtempSync(join(tmpdir(), "attention-study-"));
const outer = process.env.XDG_CACHE_HOME;

before(async () => {
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  writeFileSync(join(folder, "films.csv"), films(["text", "label"], 300, 60));
  writeFileSync(join(folder, "pairs.csv"), films(["text", "label", "claim"], 90, 6));
  await loadBackend();
});

after(() => {
  if (outer === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = outer;
  rmSync(folder, { recursive: true });
});

/** Rows whose label is decided by one word. */
function films(columns: string[], rows: number, words: number): string {
  const random = createRandom("films");
  const lines = Array.from({ length: rows }, (_, index) => {
    const labels = columns.length === 2 ? ["bad", "good"] : ["bad", "good", "mixed"];
    const label = labels[index % labels.length]!;
    const text = Array.from({ length: words + random.integer(words) }, () => `w${random.integer(30)}`);
    text[random.integer(text.length)] = label === "bad" ? "awful" : label === "good" ? "lovely" : "odd";
    return [text.join(" "), label, `is w${random.integer(9)} so`].slice(0, columns.length).join(",");
  });
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

const model = { embeddingSize: 5, hiddenSize: 4, epochs: 3, batchSize: 16, learningRate: 0.02 };

function job(out: string, changes: Partial<StudyJob> = {}): StudyJob {
  return {
    corpus: { path: join(folder, "films.csv"), devShare: 0.1, testShare: 0.5 },
    profile: "paper",
    options: model,
    analysis: {},
    out: join(folder, out),
    ...changes,
  };
}

test("a configuration is trained, analysed and written; a second call finds it there", async () => {
  const told: StudyProgress[] = [];
  const first = await runStudy(job("once"), { onProgress: (progress) => told.push(progress) });
  assert.equal(first.folder, join(folder, "once", "films", "bilstm-additive", "seed-0"));
  assert.equal(first.wasThere, false);
  assert.deepEqual(readdirSync(first.folder).sort(), ["config.json", "instances.csv", "summary.json", "texts.jsonl"]);
  assert.deepEqual([...new Set(told.map(({ stage }) => stage))], ["reading", "training", "analysing"]);
  assert.equal(told.at(-1)!.done, told.at(-1)!.total);
  const rows = parse(readFileSync(join(first.folder, "instances.csv")), { columns: true }) as Record<string, string>[];
  assert.equal(rows.length, 150);
  assert.deepEqual(Object.keys(rows[0]!), instanceColumns);
  const { summary } = first;
  assert.deepEqual(
    summary.classes.map((group) => [group.class, group.n]),
    [
      ["bad", rows.filter(({ predicted }) => predicted === "bad").length],
      ["good", rows.filter(({ predicted }) => predicted === "good").length],
      ["all", 150],
    ],
  );
  const all = summary.classes.at(-1)!;
  const mean = rows.reduce((sum, row) => sum + Number(row.permutationTvd) / 150, 0);
  assert.ok(Math.abs(all.permutationTvd.mean! - mean) < 1e-9);
  assert.ok(all.exactJsd05.mean! >= all.searchJsd05.mean!, "the exact adversary is not below the search");
  const inBins = all.permutationTvd.byMaxAttention.reduce((sum, { n }) => sum + n, 0);
  assert.equal(inBins, 150);
  assert.equal(summary.scores.texts, 150);
  assert.ok(summary.seconds.training > 0 && summary.seconds.search > 0);
  const { numTensors } = tf.memory();
  const second = await runStudy(job("once"));
  assert.equal(second.wasThere, true);
  assert.deepEqual(second.summary, JSON.parse(JSON.stringify(summary)));
  assert.equal(tf.memory().numTensors, numTensors);
});

/** Stops a study when it has told so many texts, or in the training. */
async function stopAt(changes: StudyJob, stage: StudyProgress["stage"], done: number): Promise<void> {
  const controller = new AbortController();
  const onProgress = (progress: StudyProgress) => {
    if (progress.stage === stage && progress.done >= done) controller.abort(new Error("Stopped by the test."));
  };
  await assert.rejects(runStudy(changes, { onProgress, signal: controller.signal }), /[Ss]topped/);
}

test("stopped in training and in the middle of the analysis it goes on and ends with the same rows", async () => {
  const whole = await runStudy(job("whole"));
  const expected = readFileSync(join(whole.folder, "instances.csv"), "utf8");
  rmSync(join(folder, "cache"), { recursive: true });
  await stopAt(job("parts"), "training", 20);
  await stopAt(job("parts"), "analysing", 130);
  const partial = join(folder, "parts", "films", "bilstm-additive", "seed-0", "partial.jsonl");
  const kept = readFileSync(partial, "utf8").split("\n").length - 2;
  assert.equal(kept, 1, "one chunk was finished");
  appendFileSync(partial, '{"rows":[{"id":"cut off by a ki');
  const analysed: number[] = [];
  const { folder: where } = await runStudy(job("parts"), {
    onProgress: ({ stage, done }) => stage === "analysing" && analysed.push(done),
  });
  assert.ok(analysed[0]! > 50, `the first chunk is not computed again: ${analysed[0]}`);
  assert.equal(readFileSync(join(where, "instances.csv"), "utf8"), expected);
  assert.ok(!existsSync(partial));
});

test("the results of another configuration are not overwritten", async () => {
  await runStudy(job("kept"));
  await assert.rejects(runStudy(job("kept", { options: { ...model, epochs: 4 } })), {
    name: "UserError",
    message:
      /^.+seed-0 must not hold the results of another configuration, but it does \(config\.epochs 3 instead of 4\); choose another --out, or remove that folder\.$/,
  });
});

test("every encoder with every attention, and inference over three classes, has a summary", async () => {
  const pairs = { path: join(folder, "pairs.csv"), questionColumn: "claim" };
  for (const encoder of ["bilstm", "cnn", "average"] as const) {
    for (const attention of ["additive", "dot"] as const) {
      const options = { ...model, encoder, attention };
      const { summary } = await runStudy(job("grid", { options, testLimit: 12 }));
      assert.equal(summary.classes.at(-1)!.n, 12);
      const inference = await runStudy(job("grid", { corpus: pairs, options, testLimit: 12 }));
      assert.equal(inference.summary.task, "inference");
      assert.deepEqual(
        inference.summary.classes.map((group) => group.class),
        ["bad", "good", "mixed", "all"],
      );
      assert.equal(inference.summary.classes.at(-1)!.exactJsd05.mean, undefined, "exact for linear decoders only");
    }
  }
});

test("sparse and uniform attention weights have a folder of their own", async () => {
  const sparse = await runStudy(
    job("weights", { options: { ...model, attentionWeights: "sparsemax" }, testLimit: 10 }),
  );
  assert.ok(sparse.folder.endsWith(join("bilstm-additive-sparsemax", "seed-0")));
  const uniform = await runStudy(job("weights", { options: { ...model, attentionWeights: "uniform" }, testLimit: 10 }));
  assert.equal(uniform.summary.classes.at(-1)!.tauGradient.defined, 0);
  assert.deepEqual(uniform.summary.classes.at(-1)!.tauGradient.undefinedByReason, { "constant attention": 10 });
});
