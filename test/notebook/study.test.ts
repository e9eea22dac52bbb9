import "./ownFolders";
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Command } from "commander";
import { importance } from "../../src/analysis/importance";
import type { Statistic } from "../../src/analysis/statistic";
import { loadBackend } from "../../src/backend/tensorflow";
import { addStudyCommand, jobsOf } from "../../src/cli/commands/studyCommand";
import type { Prepared } from "../../src/cli/setup/setUp";
import { disposeModel } from "../../src/model/model";
import { study, train } from "../../src/notebook/study";
import { columnNamed } from "../../src/study/columns";
import { makeStudy } from "../../src/study/makeStudy";
import { captureOutputs } from "./captureOutputs";
import { folder } from "./ownFolders";

before(() => loadBackend());
after(() => rmSync(folder, { recursive: true, force: true }));

const options = { embeddingSize: 5, hiddenSize: 4, epochs: 2 } as const;
const design = { corpus: "reviews", encoder: ["average", "bilstm"], seed: [0, 1], ...options, limit: 200 } as const;

/** The last line of the cell's progress bar. */
function lastLine(outputs: readonly { content: object }[]): string {
  return (outputs.at(-1)!.content as { data: { "text/plain": string } }).data["text/plain"];
}

test("the product of lists is one table whose rows know their configuration and find their text", async () => {
  const { result: runs, outputs } = await captureOutputs(() => study("quick", design));
  assert.match(lastLine(outputs), /^study: 4 configurations, 800 texts: 4 trained and analysed \(/);
  assert.deepEqual(
    runs.configurations.map(({ encoder, seed }) => [encoder, seed]),
    [
      ["average", 0],
      ["average", 1],
      ["bilstm", 0],
      ["bilstm", 1],
    ],
  );
  assert.ok(runs.configurations[0]!.folder.startsWith(join(folder, "results", "study", "reviews", "average-additive")));
  const row = runs.rows[450]!;
  assert.deepEqual([row.corpus, row.encoder, row.seed, row.hiddenSize, row.epochs], ["reviews", "bilstm", 0, 4, 2]);
  const text = await runs.text(row);
  assert.equal(text.id, row.id);
  assert.equal(text.words!.length, row.words);
  assert.equal(Math.max(...text.attention), row.maxAttention);
  const part = runs.where({ encoder: "bilstm", seed: 1 });
  assert.deepEqual(part.rows, runs.rows.slice(600));
  assert.throws(() => runs.where({ encodr: "bilstm" } as never), { message: /did you mean "encoder"\?/ });
  const again = await captureOutputs(() => study("quick", design));
  assert.match(lastLine(again.outputs), /texts: 4 read back \(/);
  const model = await runs.model(part.configurations[0]!);
  assert.equal(model.config.seed, 1);
  disposeModel(model);
});

/** What `npm run study` computes. */
function jobsFor(line: string) {
  const program = new Command();
  addStudyCommand(program, {} as Prepared);
  let jobs: ReturnType<typeof jobsOf> = [];
  program.commands[0]!.action((_, options) => {
    jobs = jobsOf(options);
  });
  program.parse(["study", ...line.split(" ")], { from: "user" });
  return jobs;
}

test("the command line and a notebook read back what the other one computed", async () => {
  const size = "--set embeddingSize=5 --set hiddenSize=4 --limit 200 --corpus reviews";
  for (const { seed, source } of [
    { seed: 1, source: "read back" },
    { seed: 2, source: "computed" },
  ]) {
    const [job] = jobsFor(`${size} --set epochs=2 --encoder average --seed ${seed}`);
    assert.equal((await makeStudy(job!)).source, source);
  }
  const runs = await study("quick", { ...design, encoder: "average", seed: [1, 2] });
  assert.deepEqual(
    runs.configurations.map(({ source }) => source),
    ["read back", "read back"],
  );
  const [other] = jobsFor(`${size} --set epochs=3 --encoder average --seed 1`);
  const made = await makeStudy(other!);
  assert.equal(made.source, "computed");
  assert.notEqual(made.folder, runs.configurations[0]!.folder);
});

const spearman: Statistic<"rho"> = {
  name: "rho",
  symbol: "ρ",
  title: "Spearman's ρ",
  meaning: "1 is the same order, −1 the opposite.",
  range: [-1, 1],
  of: (a, b) => ({ value: a.length - b.length, p: undefined, undefinedBecause: "" }),
};

test("what is added in a cell has its columns, and a wrong name is answered with the nearest", async () => {
  const one = { ...design, encoder: "average", seed: 0 } as const;
  const plain = await study("quick", one, { statistic: spearman });
  const length = importance("length", {
    symbol: "l",
    meaning: "Letters of the word.",
    ofText: ({ words }) => words.map((word) => word.length),
  });
  const added = await captureOutputs(() => plain.withImportance(length));
  assert.match(lastLine(added.outputs), /: 1 configuration, 200 texts: analysed, the model from the cache; /);
  const runs = added.result;
  const [row] = runs.rows;
  assert.ok("tauLength" in row! && "rhoLength" in row && "rhoGradient" in row);
  assert.equal(columnNamed("rhoLength")!.symbol, "ρ_l");
  const half = { name: "half", symbol: "h", title: "half", meaning: "Half.", of: () => 0.5 } as const;
  const { result, outputs } = await captureOutputs(() => plain.withMeasure(half));
  assert.equal(result.rows[0]!.half, 0.5);
  assert.match(lastLine(outputs), /half computed anew, as without a version nothing is kept/);
  // @ts-expect-error no such column
  result.rows[0]!.haf;
});

test("released rows are read without a computation, and what is not there is named", async () => {
  const { result, outputs } = await captureOutputs(() =>
    study("released", { corpus: ["sst", "reviews"], encoder: "cnn" }),
  );
  assert.deepEqual(outputs, []);
  assert.equal(result.rows.length, 1725);
  assert.deepEqual(
    result.missing.map(({ name }) => name),
    ["reviews, cnn"],
  );
  await assert.rejects(result.model(result.configurations[0]!), { message: /released rows come without their models/ });
});

test("wrong names are answered before anything is read", async () => {
  await assert.rejects(study("quick", { corpus: "reviws" }), {
    message: /^There is no corpus "reviws"; did you mean "reviews"\?/,
  });
  await assert.rejects(study("quick", { corpus: "reviews", encoder: "lstm" } as never), {
    message: /no encoder "lstm"/,
  });
  await assert.rejects(train("quick", "snli-smaple"), { message: /did you mean "snli-sample"/ });
});
