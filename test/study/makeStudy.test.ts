import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import { parse } from "csv-parse/sync";
import { importance } from "../../src/analysis/importance";
import { intervention } from "../../src/analysis/intervention";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom } from "../../src/stats/random";
import { findStudies, readManifest, type StoredPart } from "../../src/study/files";
import { makeModel, makeStudy, type StudyJob, type StudyProgress } from "../../src/study/makeStudy";

const folder = mkdtempSync(join(tmpdir(), "attention-study-"));
const outer = process.env.XDG_CACHE_HOME;

before(async () => {
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  writeFileSync(join(folder, "films.csv"), films(["text", "label"], 800, 20));
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

/** The search takes few steps, as it would take most of the time. */
function job(out: string, { analysis, ...changes }: Partial<StudyJob> = {}): StudyJob {
  return {
    corpus: { path: join(folder, "films.csv"), devShare: 0.1, testShare: 0.5 },
    profile: "paper",
    options: model,
    analysis: { search: { steps: 10 }, ...analysis },
    out: join(folder, out),
    ...changes,
  };
}

test("preparation, training and analysis alone make the same rows, and an analysis without a model is refused", async () => {
  const options = { ...model, seed: 7 };
  const only = (only: StudyJob["only"]) => job("steps", { options, only });
  await makeModel(only("preparation"));
  await assert.rejects(makeStudy(only("analysis")), {
    name: "UserError",
    message:
      /^An analysis alone needs a trained model, but there is none in .*films-bilstm-additive-seed7-\w+; run the same/,
  });
  await makeModel(only("training"));
  const { rows } = await makeStudy(only("analysis"));
  process.env.XDG_CACHE_HOME = join(folder, "other-cache");
  assert.deepEqual((await makeStudy(job("whole", { options }))).rows, rows);
  process.env.XDG_CACHE_HOME = join(folder, "cache");
});

test("a configuration is trained, analysed and kept; a second call reads the same rows back", async () => {
  const told: StudyProgress[] = [];
  const first = await makeStudy(job("once"), { onProgress: (progress) => told.push(progress) });
  assert.equal(
    first.name,
    "films, bilstm, additive, seed 0, epochs 3, batch size 16, embedding size 5, hidden size 4, learning rate 0.02",
  );
  assert.match(first.folder, /once.films.bilstm-additive-seed-0-epochs-3-batch-size-16-[\w.-]+-[0-9a-f]{8}$/);
  assert.equal(first.source, "computed");
  assert.deepEqual(readdirSync(first.folder).sort(), ["manifest.json", "rows.csv", "summary.json", "texts.parquet"]);
  assert.deepEqual([...new Set(told.map(({ stage }) => stage))], ["reading", "training", "analysing"]);
  assert.equal(told.at(-1)!.done, told.at(-1)!.total);
  assert.equal(first.rows.length, 400);
  for (const row of first.rows) {
    for (const [own, imposed, permuted] of [
      [row.tauGradient, row.tauGradientImposed, row.tauGradientNull],
      [row.tauLeaveOneOut, row.tauLeaveOneOutImposed, row.tauLeaveOneOutNull],
    ]) {
      assert.equal(imposed === undefined, own === undefined);
      assert.ok(permuted === undefined || Math.abs(permuted) <= 1);
    }
  }
  const csv = parse(readFileSync(join(first.folder, "rows.csv")), { columns: true }) as Record<string, string>[];
  assert.deepEqual(
    Object.keys(csv[0]!),
    first.columns.map(({ name }) => name),
  );
  assert.deepEqual(Object.keys(csv[0]!), Object.keys(first.rows[0]!));
  assert.equal(Number(csv[7]!.tauGradient), Number(first.rows[7]!.tauGradient!.toPrecision(4)));
  const { numTensors } = tf.memory();
  const second = await makeStudy(job("once"));
  assert.equal(second.source, "read back");
  assert.deepEqual(second.rows, first.rows);
  assert.deepEqual(await second.texts(), await first.texts());
  assert.equal(tf.memory().numTensors, numTensors);
});

test("what is added to the analysis is computed by itself and kept beside the rest", async () => {
  const plain = await makeStudy(job("added"));
  const analysis = { importances: ["random"], interventions: ["reversed"], epsilons: [0.2], permutations: 20 } as const;
  const more = await makeStudy(job("added", { analysis }));
  const [row] = more.rows as unknown as Record<string, unknown>[];
  for (const column of ["tauRandom", "reversedTvd", "searchJsd2", "exactJsd2"]) assert.ok(column in row!, column);
  assert.equal(row!.tauGradient, plain.rows[0]!.tauGradient);
  assert.notDeepEqual(
    more.rows.map(({ permutationTvd }) => permutationTvd),
    plain.rows.map(({ permutationTvd }) => permutationTvd),
  );
  assert.deepEqual((await makeStudy(job("added"))).rows, plain.rows, "20 permutations do not replace 100");
  assert.equal((await makeStudy(job("added", { analysis }))).source, "read back");
});

test("without a version a measure is computed anew each time, and kept for the reader", async () => {
  const of = mock.fn(({ attention }: { attention: readonly number[] }) => Math.min(...attention));
  const smallest = { name: "smallest", symbol: "min α", title: "smallest weight", meaning: "The smallest weight.", of };
  for (const calls of [400, 800]) {
    const study = await makeStudy(job("once", { analysis: { measures: [smallest] } }));
    assert.equal(of.mock.callCount(), calls);
    assert.deepEqual(study.unkept, ["smallest"]);
    const [text] = await study.texts();
    assert.equal((study.rows[0] as unknown as { smallest: number }).smallest, Math.min(...text!.attention));
  }
  assert.match((await storedIn("once")).find(({ name }) => name === "smallest")!.source!, /^of: /);
});

/** The parts in the one study of a folder. */
async function storedIn(out: string): Promise<StoredPart[]> {
  return (await readManifest((await makeStudy(job(out))).folder))!.parts;
}

test("a statistic is kept under its version and its own name, with its code", async () => {
  const plain = await makeStudy(job("statistic"));
  let calls = 0;
  const first = {
    ...{ name: "first", symbol: "f", title: "first word", meaning: "The difference at the first word." },
    of(a: readonly number[], b: readonly number[]) {
      calls += 1;
      return { value: a[0]! - b[0]!, p: undefined, undefinedBecause: "" };
    },
  };
  const withFirst = (version?: number) =>
    makeStudy(job("statistic", { analysis: { statistic: { ...first, version } } }));
  const { rows, texts } = await withFirst(1);
  const [row, [text]] = [rows[0] as unknown as Record<string, unknown>, await texts()];
  assert.equal(row.firstGradient, text!.attention[0]! - text!.importances.gradient![0]!);
  for (const ending of ["GradientLeaveOneOut", "GradientUndefined", "LeaveOneOutNull"])
    assert.ok(`first${ending}` in row, ending);
  assert.deepEqual(
    rows.map((one) => plain.columns.map(({ name }) => one[name as "id"])),
    plain.rows.map((one) => plain.columns.map(({ name }) => one[name as "id"])),
    "what is there besides does not change",
  );
  calls = 0;
  const again = await withFirst(1);
  assert.deepEqual([calls, again.source, again.rows], [0, "read back", rows]);
  let before = 0;
  for (const version of [2, undefined, undefined]) {
    await withFirst(version);
    assert.ok(calls > before);
    before = calls;
  }
  const stored = await storedIn("statistic");
  const sources = stored.filter(({ name }) => name === "firstGradient").map(({ source }) => source!);
  assert.deepEqual(
    sources.map((source) => source.match(/version: (.*)/)![1]),
    ["1", "2", "undefined"],
  );
  assert.match(sources[0]!, /^of: of\(a, ?b\) ?\{\s*calls ?\+= ?1/m);
  assert.ok(stored.every(({ name, source }) => source === undefined || name.startsWith("first")));
});

test("the code of an importance and of an intervention of one's own is kept", async () => {
  const importances = [
    importance("place", { symbol: "t", meaning: "t", ofText: ({ words }) => words.map((_, t) => t) }),
  ];
  const interventions = [
    intervention("same", { title: "same", meaning: "As it is.", version: 1, attention: (text) => text.attention }),
  ];
  await makeStudy(job("added", { analysis: { importances, interventions } }));
  const sourceOf = (name: string, stored: readonly StoredPart[]) => stored.find((part) => part.name === name)!.source!;
  const stored = await storedIn("added");
  assert.match(sourceOf("place", stored), /^ofText: \(\{ ?words ?\}\) ?=> ?words\.map\(/);
  assert.match(sourceOf("same", stored), /^version: 1\nattention: \(?text\)? ?=> ?text\.attention\n/);
});

/** Stops a study when it has told so much of the work, or so many batches. */
async function stopAt(changes: StudyJob, stage: StudyProgress["stage"], share: number): Promise<void> {
  const controller = new AbortController();
  const onProgress = (progress: StudyProgress) => {
    if (progress.stage === stage && progress.done >= share * progress.total) controller.abort(new Error("Stopped."));
  };
  await assert.rejects(makeStudy(changes, { onProgress, signal: controller.signal }), /[Ss]topped/);
}

const numbersOf = (study: { rows: object[] }) => JSON.stringify(study.rows);

test("stopped in training and in the middle of the analysis it goes on and ends with the same rows", async () => {
  const expected = numbersOf(await makeStudy(job("whole")));
  rmSync(join(folder, "cache"), { recursive: true });
  await stopAt(job("parts"), "training", 0.5);
  await stopAt(job("parts"), "analysing", 0.9);
  const [where] = readdirSync(join(folder, "parts", "films"));
  const inside = (name: string) => join(folder, "parts", "films", where!, name);
  const unfinished = inside(readdirSync(inside(""))!.find((name) => name.startsWith("unfinished"))!);
  assert.equal(readdirSync(unfinished).length, 1, "one chunk was finished");
  cpSync(unfinished, join(folder, "kept"), { recursive: true });
  const shares: number[] = [];
  const study = await makeStudy(job("parts"), {
    onProgress: ({ stage, done, total }) => stage === "analysing" && shares.push(done / total),
  });
  assert.ok(shares[0]! > 0.3, `the first chunk is not computed again: ${shares[0]}`);
  assert.equal(numbersOf(study), expected);
  const finished = ["manifest.json", "rows.csv", "summary.json", "texts.parquet"];
  assert.deepEqual(readdirSync(inside("")).sort(), finished);
  cpSync(join(folder, "kept"), unfinished, { recursive: true });
  assert.equal((await makeStudy(job("parts"))).source, "read back");
  assert.deepEqual(readdirSync(inside("")).sort(), finished, "what a kill right before the end left is removed");
});

test("two at once on one folder compute it once", async () => {
  const [one, other] = await Promise.all([makeStudy(job("twice")), makeStudy(job("twice"))]);
  assert.deepEqual([one.source, other.source].sort(), ["computed", "read back"]);
  assert.equal(numbersOf(one), numbersOf(other));
});

test("a chunk that is not what was written is said, and computed anew", async () => {
  const expected = numbersOf(await makeStudy(job("whole")));
  await stopAt(job("chunks"), "analysing", 0.9);
  const names = readdirSync(join(folder, "chunks"), { recursive: true, encoding: "utf8" });
  writeFileSync(join(folder, "chunks", names.find((name) => /unfinished.*\.json$/.test(name))!), "cut off by a ki");
  const warn = mock.method(console, "warn", () => {});
  const study = await makeStudy(job("chunks"));
  assert.match(String(warn.mock.calls[0]!.arguments[0]), /its checksum differs.* It is computed anew now/);
  warn.mock.restore();
  assert.equal(numbersOf(study), expected);
});

test("a file that is not what was written is said, and computed anew", async () => {
  const first = await makeStudy(job("damaged"));
  const path = join(first.folder, "texts.parquet");
  const bytes = readFileSync(path);
  bytes[1000]! ^= 1;
  writeFileSync(path, bytes);
  const warn = mock.method(console, "warn", () => {});
  const second = await makeStudy(job("damaged"));
  assert.match(String(warn.mock.calls[0]!.arguments[0]), /its checksum differs/);
  warn.mock.restore();
  assert.equal(second.source, "computed");
  assert.equal(numbersOf(second), numbersOf(first));
});

test("other training labels, or another option, are another configuration", async () => {
  const first = await makeStudy(job("identity"));
  const exchanged = films(["text", "label"], 800, 20).replace(
    /,(bad|good)$/gm,
    (_, label) => `,${label === "bad" ? "good" : "bad"}`,
  );
  writeFileSync(join(folder, "films.csv"), exchanged);
  const second = await makeStudy(job("identity"));
  writeFileSync(join(folder, "films.csv"), films(["text", "label"], 800, 20));
  assert.equal(second.source, "computed");
  assert.notEqual(second.folder, first.folder);
  await makeStudy(job("identity", { options: { ...model, epochs: 4 } }));
  assert.equal((await findStudies(join(folder, "identity"))).length, 3);
});

test("every encoder with every attention, and inference over three classes, has its columns", async () => {
  const pairs = { path: join(folder, "pairs.csv"), questionColumn: "claim" };
  const analysis = { testLimit: 12 };
  for (const encoder of ["bilstm", "cnn", "average"] as const) {
    for (const attention of ["additive", "dot"] as const) {
      const options = { ...model, encoder, attention };
      const study = await makeStudy(job("grid", { options, analysis }));
      assert.equal(study.rows.length, 12);
      assert.ok(study.rows.every(({ searchJsd05, exactJsd05 }) => (searchJsd05 ?? 0) <= exactJsd05! + 1e-3));
      const inference = await makeStudy(job("grid", { corpus: pairs, options, analysis }));
      assert.equal(inference.task, "inference");
      assert.ok(
        inference.rows.every(({ exactJsd05 }) => exactJsd05 === undefined),
        "exact for linear decoders only",
      );
    }
  }
});

test("uniform attention weights have no agreement, and say why", async () => {
  const options = { ...model, attentionWeights: "uniform" } as const;
  const uniform = await makeStudy(job("weights", { options, analysis: { testLimit: 10 } }));
  assert.match(uniform.name, /, uniform/);
  for (const row of uniform.rows) {
    assert.deepEqual([row.tauGradient, row.tauGradientUndefined], [undefined, "constant attention"]);
  }
});
