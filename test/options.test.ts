import assert from "node:assert/strict";
import { test } from "node:test";
import { type OptionsSchema, readOptions } from "../src/options";
import { analysisSchema, resolveAnalysis } from "../src/study/analysis";
import { combinationsOf, type Design, studyOptionsSchema } from "../src/study/design";

const readOption = (schema: OptionsSchema, text: string) => readOptions(schema, [{ written: text, text }]);

test("an option of a command line is read as its rule says", () => {
  const read: [text: string, value: object][] = [
    ["permutations=500", { permutations: 500 }],
    ["epsilons=.02", { epsilons: [0.02] }],
    ["epsilons=.02,.1", { epsilons: [0.02, 0.1] }],
    ["search.corners=false", { search: { corners: false } }],
    ["search.variant=code", { search: { variant: "code" } }],
    ["importances=random,gradientNorm", { importances: ["random", "gradientNorm"] }],
  ];
  for (const [text, value] of read) {
    assert.deepEqual(readOption(analysisSchema, text), value);
    resolveAnalysis(value);
  }
  assert.deepEqual(readOption(studyOptionsSchema, "seed=0,1"), { seed: [0, 1] });
  assert.deepEqual(readOption(studyOptionsSchema, "wordVectors=a=b.txt"), { wordVectors: "a=b.txt" });
  assert.throws(() => readOption(analysisSchema, "permutations"), /written as name=value, as in epochs=4, but "perm/);
});

test("a wrong analysis is refused in one sentence", () => {
  const refused: [options: object, message: RegExp][] = [
    [{ permutation: 5 }, /There is no option "permutation"; did you mean "permutations"\?/],
    [{ permutations: 0 }, /"permutations" must be a whole number from 1 to 100000, but 0 came/],
    [{ epsilons: [2] }, /"epsilons" must be a list of numbers above 0 and up to 1, as in \.01,\.02, but \[2\] came/],
    [{ search: { step: 5 } }, /There is no option "step"; did you mean "steps"\?/],
    [{ search: { corners: "false" } }, /"search\.corners" must be true or false, but "false" came/],
    [{ search: { candidates: 2.5 } }, /"search\.candidates" must be a whole number from 1 to 1000, but 2\.5 came/],
    [{ search: { steps: -1 } }, /"search\.steps" must be a whole number from 0, but -1 came/],
    [{ search: { variant: "papre" } }, /There is no search\.variant "papre"; did you mean "paper"\?/],
    [{ importances: ["gradientNrom"] }, /There is no importance "gradientNrom"; did you mean "gradientNorm"\?/],
    [{ measures: [{ name: "entropy" }] }, /The measure "entropy" is there already/],
    [{ measures: [{ name: "my entropy" }] }, /letters and digits .+ but "my entropy" came/],
  ];
  for (const [options, message] of refused) assert.throws(() => resolveAnalysis(options), message);
});

test("a design is the product of its lists, without repetitions", () => {
  const design: Design = { corpus: ["sst", "imdb"], encoder: ["bilstm", "average"], seed: [0, 1, 0], limit: 10 };
  const combinations = combinationsOf(design);
  assert.equal(combinations.length, 8);
  assert.deepEqual(combinations[3], { corpus: "sst", options: { encoder: "average", seed: 1, limit: 10 } });
  assert.throws(() => combinationsOf({ corpus: [] }), /at least one corpus, but an empty list came/);
  const twice: Design = { corpus: [{ path: "a/x.csv" }, { path: "b/x.csv.gz" }] };
  assert.throws(() => combinationsOf(twice), /a\/x\.csv and b\/x\.csv\.gz are both called "x"; give one another name/);
  assert.equal(combinationsOf({ corpus: [{ path: "a/x.csv" }, { path: "b/x.csv", name: "y" }] }).length, 2);
  assert.throws(() => combinationsOf({ corpus: "sst", seed: [0, -1] }), /"seed" must be a whole number/);
  assert.throws(() => combinationsOf({ corpus: "sst", encodr: "cnn" } as Design), /did you mean "encoder"\?/);
});
