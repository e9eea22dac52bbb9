import assert from "node:assert/strict";
import { test } from "node:test";
import { isOfOtherRun } from "../../src/study/columns";
import { besideOtherRuns, otherRunColumns } from "../../src/study/otherRuns";
import type { StudiedText, Study } from "../../src/study/study";
import { assertClose } from "../close";

const attentions = [
  [0.7, 0.2, 0.1],
  [0.1, 0.2, 0.7],
];

/** A run of one model on one text: attention and importances are given, the output is .9 or .6 for "positive". */
function run(seed: number): Study {
  const attention = attentions[seed]!;
  const text: StudiedText = {
    ...{ id: "a", predicted: "positive", label: "positive", probability: seed === 0 ? 0.9 : 0.6, attention },
    ...{ importances: { gradient: attention.map((weight) => 2 * weight), leaveOneOut: [3, 2, 1] }, attentions: {} },
  };
  return {
    ...{ corpus: "films", task: "classification", classNames: ["negative", "positive"], seed, config: { seed } },
    ...{ rows: [{ id: "a", tauGradient: 1 }], columns: [], texts: async () => [text] },
  } as unknown as Study;
}

test("a text has the attention, gradient and output of the model's other runs beside its own", async () => {
  const [first, second] = (await besideOtherRuns([run(0), run(1)])).map(
    ({ rows }) => rows[0] as unknown as Record<string, number | undefined>,
  );
  assert.equal(first!.tauGradientOfRun1, -1);
  assert.equal(second!.tauGradientOfRun0, -1);
  assert.equal(first!.tauLeaveOneOutOfRun1, -1);
  assert.equal(second!.tauLeaveOneOutOfRun0, 1);
  assert.equal(first!.tauGradientLeaveOneOutOfRun1, -1);
  assertClose(first!.outputTvdOfRun1!, 0.3, 1e-12);
  assert.equal(first!.attentionJsdOfRun1, second!.attentionJsdOfRun0);
  assert.equal(first!.tauGradientOfRun0, undefined);
  assert.equal(first!.tauGradient, 1);
  assert.ok(otherRunColumns([0, 12]).every(({ name }) => isOfOtherRun(name)));
  assert.ok(!isOfOtherRun("tauGradient"));
});

test("a model of one run, and runs of two models, stay as they are", async () => {
  const other = { ...run(1), corpus: "books" };
  const studies = [run(0), other];
  assert.deepEqual(await besideOtherRuns(studies), studies);
});
