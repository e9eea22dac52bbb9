import assert from "node:assert/strict";
import { test } from "node:test";
import { besideOtherRuns } from "../../src/study/otherRuns";
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
    ...{
      corpus: "films",
      folder: `seed ${seed}`,
      task: "classification",
      classNames: ["negative", "positive"],
      seed,
      config: { seed },
    },
    ...{ rows: [{ id: "a", tauGradient: 1 }], columns: [], texts: async () => [text] },
  } as unknown as Study;
}

test("a text has the attention, gradient and output of the model's other runs beside its own", async () => {
  const [first, second] = await besideOtherRuns([run(0), run(1)]);
  const [one, other] = [first!, second!].map(({ rows }) => rows[0] as unknown as Record<string, number | undefined>);
  assert.deepEqual([one!.tauGradientOfOtherRuns, other!.tauGradientOfOtherRuns], [-1, -1]);
  assert.deepEqual([one!.tauLeaveOneOutOfOtherRuns, other!.tauLeaveOneOutOfOtherRuns], [-1, 1]);
  assert.equal(one!.tauGradientLeaveOneOutOfOtherRuns, -1);
  assertClose(one!.outputTvdOfOtherRuns!, 0.3, 1e-12);
  assert.equal(one!.attentionJsdOfOtherRuns, other!.attentionJsdOfOtherRuns);
  assert.equal(one!.tauGradient, 1);
  assert.deepEqual(Object.keys(first!.otherRuns!), ["1"]);
  assert.equal(second!.otherRuns![0]!.tauLeaveOneOut, 1);
});

test("a model of one run, and runs of two models, stay as they are", async () => {
  const other = { ...run(1), corpus: "books" };
  const studies = [run(0), other];
  assert.deepEqual(await besideOtherRuns(studies), studies);
});
