import assert from "node:assert/strict";
import { test } from "node:test";
import { overSeeds } from "../../src/paper/encoderDifferences";
import { answerSeedNoise } from "../../src/paper/seedNoise";
import { instance } from "./rows";

const runOf = (encoder: string, seed: number, taus: readonly (number | undefined)[], corpus = "reviews") => ({
  corpus,
  encoder,
  attention: "additive",
  seed,
  classNames: ["negative", "positive"],
  scores: { auc: 0.8 },
  rows: taus.map((tau, index) => ({ id: `text ${index}`, ...instance("negative", tau ?? "undefined") })),
});

test("over seeds each text has its mean, and the seeds that both encoders have count", () => {
  const runs = [
    runOf("average", 0, [0.75, 0.5, undefined]),
    runOf("average", 1, [0.25, 1, 0.5]),
    runOf("average", 2, [1, 1, 1]),
    runOf("bilstm", 1, [0.25, 0.25, 0.25]),
    runOf("bilstm", 0, [0.25, 0, 0]),
  ];
  const [found, ...others] = overSeeds(runs, "tauLeaveOneOut");
  assert.deepEqual(others, []);
  assert.equal(found!.pair, "average − bilstm, 2 seeds");
  assert.deepEqual([found!.n, found!.mean], [2, (0.25 + 0.625) / 2]);
  assert.throws(() => overSeeds(runs.slice(0, 3), "tauLeaveOneOut"), /none of the 3 runs are such a pair/);
});

test("the encoder's where each seed differs by more than two seeds of one encoder do", () => {
  const runs = [
    runOf("average", 0, [0.75, 0.75]),
    runOf("average", 1, [0.625, 0.625]),
    runOf("bilstm", 0, [0.25, 0.25]),
    runOf("bilstm", 1, [0.25, 0.25]),
  ];
  const answer = answerSeedNoise(runs);
  assert.match(
    answer,
    /2 seeds is \+0\.438 \(\+0\.500, \+0\.375 by seed, 95 % interval over texts \+0\.438 to \+0\.438\)/,
  );
  assert.match(answer, /differ by at most 0\.125, less than in any seed: the difference is \*\*the encoder's\*\*/);
  assert.match(answer, /In the paper's Table 2 the gap is \+0\.3\d\d on average over the 14 classes/);
});

test("seed noise where the sign changes, or a seed differs by less; one seed tells nothing", () => {
  const turned = [
    runOf("average", 0, [0.75]),
    runOf("average", 1, [0.125]),
    runOf("bilstm", 0, [0.25]),
    runOf("bilstm", 1, [0.25]),
  ];
  assert.match(answerSeedNoise(turned), /\*\*may be seed noise\*\*/);
  const small = [
    runOf("average", 0, [0.5]),
    runOf("average", 1, [0.75]),
    runOf("bilstm", 0, [0.375]),
    runOf("bilstm", 1, [0.375]),
  ];
  assert.match(answerSeedNoise(small), /at most 0\.250, which the difference does not exceed in every seed/);
  assert.match(
    answerSeedNoise([runOf("average", 0, [0.5]), runOf("bilstm", 0, [0.25])]),
    /\*\*cannot be told apart\*\*/,
  );
});

test("a corpus of the paper has its own published difference", () => {
  const answer = answerSeedNoise([runOf("average", 0, [0.5], "sst"), runOf("bilstm", 0, [0.25], "sst")]);
  assert.match(answer, /, and \+0\.\d{3} on sst\./);
});
