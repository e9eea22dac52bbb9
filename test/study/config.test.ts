import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../src/errors";
import { chooseProfile, type ModelConfig, modelConfig, type Profile } from "../../src/study/config";

/** The sentence with which these options are refused. */
function refusal(options: object): string {
  try {
    modelConfig(options as Partial<ModelConfig>);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail(`${JSON.stringify(options)} was accepted`);
}

test("without options it is the paper's model, with 300 dimensions and seed 0", () => {
  assert.deepEqual(modelConfig(), {
    encoder: "bilstm",
    attention: "additive",
    attentionWeights: "softmax",
    averageActivation: "tanh",
    seed: 0,
    epochs: 8,
    batchSize: 32,
    wordVectors: "random",
    embeddingSize: 300,
    embeddingScale: 1,
    hiddenSize: 128,
    learningRate: 0.001,
    weightDecay: 0.00001,
    attentionWeightDecay: 0,
  });
});

test("what is given is kept, and the ends of every range are in it", () => {
  const smallest = { seed: 0, epochs: 2, batchSize: 1, embeddingSize: 1, hiddenSize: 1, weightDecay: 0 };
  const largest = { seed: 2147483647, epochs: 1000, batchSize: 1024, embeddingSize: 4096, hiddenSize: 4096 };
  for (const options of [smallest, largest]) assert.deepEqual(modelConfig(options), { ...modelConfig(), ...options });
});

test("the options that were given stay as they are", () => {
  const options = Object.freeze({ seed: 3 });
  assert.notEqual(modelConfig(options), options);
  assert.deepEqual(options, { seed: 3 });
});

test("an option that does not exist is answered with the nearest one", () => {
  const names =
    'It must be one of "encoder", "attention", "attentionWeights", "averageActivation", "seed", "epochs", "batchSize", "wordVectors", "embeddingSize", "embeddingScale", "hiddenSize", "learningRate", "weightDecay", "attentionWeightDecay".';
  assert.equal(refusal({ batchsize: 32 }), `There is no option "batchsize"; did you mean "batchSize"? ${names}`);
  assert.equal(refusal({ epoch: 8 }), `There is no option "epoch"; did you mean "epochs"? ${names}`);
  assert.equal(refusal({ toString: 8 }), `There is no option "toString". ${names}`);
});

test("a name that is not known is answered with the nearest one", () => {
  assert.equal(
    refusal({ encoder: "bilst" }),
    'There is no encoder "bilst"; did you mean "bilstm"? It must be one of "bilstm", "cnn", "average".',
  );
  assert.equal(
    refusal({ encoder: "BiLSTM" }),
    'There is no encoder "BiLSTM"; did you mean "bilstm"? It must be one of "bilstm", "cnn", "average".',
  );
  assert.equal(
    refusal({ encoder: "transformer" }),
    'There is no encoder "transformer". It must be one of "bilstm", "cnn", "average".',
  );
  assert.equal(
    refusal({ attention: "aditive" }),
    'There is no attention "aditive"; did you mean "additive"? It must be one of "additive", "dot".',
  );
  assert.match(refusal({ attention: undefined }), /^There is no attention "undefined"/);
  assert.match(refusal({ encoder: 3 }), /^There is no encoder "3"/);
});

const seeds = "a whole number from 0 to 2147483647";
const epochs = "a whole number from 2 to 1000, as the first epoch's weights are never kept";
const sizes = "a whole number from 1 to 4096";
const refusals: [option: keyof ModelConfig, value: unknown, rule: string, shown: string][] = [
  ["seed", -1, seeds, "-1"],
  ["seed", 0.5, seeds, "0.5"],
  ["seed", 2147483648, seeds, "2147483648"],
  ["seed", Number.NaN, seeds, "NaN"],
  ["seed", "7", seeds, '"7"'],
  ["seed", null, seeds, "null"],
  ["seed", undefined, seeds, "undefined"],
  ["seed", 7n, seeds, "7"],
  ["epochs", 1, epochs, "1"],
  ["epochs", 1001, epochs, "1001"],
  ["epochs", 2.5, epochs, "2.5"],
  ["epochs", Number.POSITIVE_INFINITY, epochs, "Infinity"],
  ["batchSize", 0, "a whole number from 1 to 1024", "0"],
  ["batchSize", 1025, "a whole number from 1 to 1024", "1025"],
  ["batchSize", [32], "a whole number from 1 to 1024", "[32]"],
  ["embeddingSize", 0, sizes, "0"],
  ["hiddenSize", -128, sizes, "-128"],
  ["hiddenSize", 4097, sizes, "4097"],
  ["embeddingScale", 0, "a number above 0", "0"],
  ["learningRate", 0, "a number above 0", "0"],
  ["learningRate", -0.001, "a number above 0", "-0.001"],
  ["learningRate", Number.NaN, "a number above 0", "NaN"],
  ["learningRate", Number.POSITIVE_INFINITY, "a number above 0", "Infinity"],
  ["learningRate", "0.001", "a number above 0", '"0.001"'],
  ["weightDecay", -1e-5, "a number from 0", "-0.00001"],
];

for (const [option, value, rule, shown] of refusals) {
  test(`${option} is refused when it is ${typeof value} ${shown}`, () => {
    assert.equal(refusal({ [option]: value }), `The option "${option}" must be ${rule}, but ${shown} came.`);
  });
}

test("the profile is the notebook's, unless the environment names another", (context) => {
  const before = process.env.ATTENTION_PROFILE;
  context.after(() => {
    if (before === undefined) delete process.env.ATTENTION_PROFILE;
    else process.env.ATTENTION_PROFILE = before;
  });
  delete process.env.ATTENTION_PROFILE;
  assert.equal(chooseProfile("paper"), "paper");
  assert.throws(() => chooseProfile("papre" as Profile), {
    name: "UserError",
    message: 'There is no profile "papre"; did you mean "paper"? It must be one of "quick", "paper", "released".',
  });
  process.env.ATTENTION_PROFILE = "quick";
  assert.equal(chooseProfile("paper"), "quick");
  process.env.ATTENTION_PROFILE = "quik";
  assert.throws(() => chooseProfile("paper"), { message: /^There is no profile "quik"; did you mean "quick"\?/ });
});
