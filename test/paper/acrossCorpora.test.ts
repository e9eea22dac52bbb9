import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerAcrossCorpora } from "../../src/paper/acrossCorpora";
import { instance, sst } from "./rows";

const runOf = (corpus: string, negative: number, positive: number, encoder = "bilstm") => ({
  ...sst,
  corpus,
  encoder,
  rows: [instance("negative", negative), instance("positive", positive)],
});

describe("answerAcrossCorpora", () => {
  it("says from where to where the means go, and how strong they are", () => {
    const text = answerAcrossCorpora([runOf("sst", 0.4, 0.35), runOf("imdb", 0.05, 0.2)]);
    assert.match(text, /^\*\*Over 2 corpora\*\* \(sst, imdb\), 8 means/);
    assert.match(text, /Mean τ_g goes from 0\.050 \(imdb, negative\) to 0\.400 \(sst, negative\)\./);
    assert.match(
      text,
      /Strong \(from 0\.5\): 0; moderate \(from 0\.3\): 4; weak \(from 0\.1\): 2; none, or contrary: 2\./,
    );
    assert.match(text, /\*\*holds\*\* here: no mean is strong, though 4 of 8 are moderate rather than weak\.$/);
    assert.match(answerAcrossCorpora([runOf("sst", 0.2, 0.25)]), /\*\*holds\*\* here: no mean is strong\.$/);
  });

  it("is contradicted where all are strong, in part where some are", () => {
    assert.match(
      answerAcrossCorpora([runOf("sst", 0.6, 0.5)]),
      /is \*\*contradicted\*\* here: every mean is strong\.$/,
    );
    assert.match(
      answerAcrossCorpora([runOf("sst", 0.6, 0.7), runOf("imdb", 0.3, 0.6)]),
      /is \*\*contradicted in part\*\*: 6 of 8 means are strong \(sst, imdb\)\.$/,
    );
  });

  it("does not judge the claim about the BiLSTM by another encoder", () => {
    const text = answerAcrossCorpora([runOf("sst", 0.7, 0.7, "average")]);
    assert.match(text, /the encoder average does not test it\.$/);
  });

  it("leaves it open where nothing is defined", () => {
    assert.match(
      answerAcrossCorpora([{ ...sst, rows: [instance("negative", "undefined"), instance("positive", "undefined")] }]),
      /Nothing is defined, so the question stays open\.$/,
    );
  });
});
