import assert from "node:assert/strict";
import { test } from "node:test";
import { answerLength, lengthRelations, significanceGrowth } from "../../src/paper/lengths";
import { runOf } from "./taskRuns";

const longRun = (tau: number, pValue: number) =>
  runOf({}, (index) => {
    const correlation = {
      tauGradient: tau,
      tauGradientPValue: pValue,
      tauLeaveOneOut: tau,
      tauLeaveOneOutPValue: pValue,
    };
    return { words: 150 + index, ...correlation };
  });

test("long documents: significant but weak, contradicted where strong, not shown where not significant", () => {
  assert.match(
    answerLength([longRun(0.2, 0.01)]),
    /180 words a text: τ_g is significant in 100 % of the texts, its mean is 0\.200, weak agreement\. .*\*\*holds\*\*/,
  );
  assert.match(answerLength([longRun(0.6, 0.01)]), /strong agreement\. .*\*\*contradicted\*\*/);
  assert.match(answerLength([longRun(0.2, 0.2)]), /\*\*does not show\*\*/);
  assert.match(answerLength([runOf()]), /No solved corpus has 100 words a text, .* \*\*not judged\*\*/);
});

test("nothing is claimed of a task that is not solved", () => {
  const answer = answerLength([{ ...longRun(0.2, 0.01), scores: { accuracy: 0.5 } }]);
  assert.match(answer, /\*\*not judged\*\*/);
  assert.match(answer, /Not solved, so left out: reviews \(bilstm\)/);
});

test("τ that falls with length is told with its size, and the rest with its number", () => {
  const falling = runOf({}, (index) => ({
    words: 10 + index,
    tauGradient: 0.5 - index / 1000,
    tauLeaveOneOut: (index * 37) % 60,
  }));
  const relations = lengthRelations([falling]);
  assert.ok(relations.find(({ measure }) => measure === "tauGradient")!.tau! < -0.999);
  assert.equal(relations.find(({ measure }) => measure === "searchJsd")!.tau, undefined);
  assert.match(
    answerLength([falling]),
    /rises with length \(τ-b of at least 0\.1\) in 0 of 2 cases; it falls in 1: τ_g of reviews \(bilstm, -1\.000\); in 1 it hardly/,
  );
});

test("the growth of the significant share with one τ at every length is that of length alone", () => {
  const run = runOf({}, (index) => {
    const words = index < 30 ? 10 : 80;
    return { words, tauGradient: 0.3, tauGradientPValue: words === 80 ? 0.001 : 0.3 };
  });
  const [growth] = significanceGrowth([run]);
  assert.deepEqual([growth!.short, growth!.long, growth!.shortAtSameTau, growth!.longAtSameTau], [0, 1, 0, 1]);
  assert.deepEqual([growth!.shortWords, growth!.longWords], [10, 80]);
  assert.deepEqual(significanceGrowth([runOf()]), []);
});
