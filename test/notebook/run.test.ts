import "./ownFolders";
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { disposeModel } from "../../src/model/model";
import { captureOutputs } from "../../src/notebook/display";
import { study, train } from "../../src/notebook/run";
import { folder } from "./ownFolders";

before(() => loadBackend());
after(() => rmSync(folder, { recursive: true, force: true }));

const options = { encoder: "average", embeddingSize: 5, hiddenSize: 4, epochs: 2 } as const;

/** The last line of the cell's progress bar. */
function lastLine(outputs: readonly { content: object }[]): string {
  return (outputs.at(-1)!.content as { data: { "text/plain": string } }).data["text/plain"];
}

test("a study is computed once, read back the next time, and its model is the one in the cache", async () => {
  const first = await captureOutputs(() => study("quick", "reviews", options));
  assert.match(lastLine(first.outputs), /^reviews, average: trained and analysed, 2 epochs, 300 texts \(/);
  assert.ok(first.result.folder.startsWith(join(folder, "results", "study", "quick", "reviews", "average-additive")));
  const { numTensors } = tf.memory();
  const second = await captureOutputs(() => study("quick", "reviews", options));
  assert.match(lastLine(second.outputs), /: read back, /);
  assert.deepEqual(second.result.rows, first.result.rows);
  assert.equal(tf.memory().numTensors, numTensors);
  const { result, outputs } = await captureOutputs(() => train("quick", "reviews", options));
  assert.match(lastLine(outputs), /^Model of reviews, average: read from the cache, 2 epochs, best dev score /);
  assert.equal(result.dataset.corpus, "reviews");
  disposeModel(result.model);
});

test("released rows are read without a computation", async () => {
  const { result, outputs } = await captureOutputs(() => study("released", "sst", { encoder: "cnn" }));
  assert.deepEqual(outputs, []);
  assert.equal(result.rows.length, 1725);
});

test("wrong names are answered before anything is read", async () => {
  await assert.rejects(study("quick", "reviws"), { message: /^There is no corpus "reviws"; did you mean "reviews"\?/ });
  await assert.rejects(study("quick", "reviews", { encoder: "lstm" } as never), { message: /no encoder "lstm"/ });
  await assert.rejects(train("quick", "snli-smaple"), { message: /did you mean "snli-sample"/ });
});
