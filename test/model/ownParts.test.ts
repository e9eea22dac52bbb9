import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importances } from "../../src/analysis/importances/all";
import { loadBackend } from "../../src/backend/tensorflow";
import { decode } from "../../src/model/decoder";
import { predict } from "../../src/model/predict";
import { textDecoders } from "../../src/model/textDecoders";
import { trainModel } from "../../src/model/train";
import { totalVariation } from "../../src/stats/divergence";
import { type ModelConfig, modelConfig } from "../../src/study/config";
import { explained } from "../analysis/explained";
import { assertAllClose } from "../close";
import { dropOwnParts, listOwnParts } from "./ownParts";
import { smallDataset, withQuestions } from "./smallModel";

before(async () => {
  await loadBackend();
  listOwnParts();
});
after(dropOwnParts);

test("the names of parts of one's own are known as the others", () => {
  assert.throws(() => modelConfig({ encoder: "grru" as "bilstm" }), /did you mean "gru"\? .*"average", "gru"\.$/);
  assert.throws(() => modelConfig({ attention: "multiplicativ" as "dot" }), /did you mean "multiplicative"\?/);
});

for (const task of ["classification", "inference"] as const) {
  test(`an encoder and an attention of one's own are a file and a line each: trained and analysed, ${task}`, async () => {
    const small = smallDataset();
    const ofTask = (examples: typeof small.test) => (task === "inference" ? withQuestions(examples, task) : examples);
    const dataset = { ...small, task, train: ofTask(small.train.slice(0, 40)), dev: ofTask(small.dev) };
    const options = { encoder: "gru", attention: "multiplicative", epochs: 2, embeddingSize: 6, hiddenSize: 6 };
    const { model } = await trainModel(dataset, modelConfig(options as unknown as Partial<ModelConfig>));
    const texts = ofTask(small.test);
    const predictions = await predict(model, texts);
    for (const importance of importances) {
      const values = await explained(importance, model, texts);
      for (const [index, { tokens }] of texts.entries()) {
        assert.equal(values[index]!.length, tokens.length);
        assert.ok(values[index]!.every(Number.isFinite), importance.name);
      }
      if (importance.name !== "leaveOneOut") continue;
      const { tokens, ...text } = texts[0]!;
      const shorter = await predict(
        model,
        tokens.map((_, t) => ({ ...text, tokens: tokens.filter((_, u) => u !== t) })),
      );
      const expected = shorter.map(({ output }) => totalVariation(output, predictions[0]!.output));
      assertAllClose(values[0]!, expected, "leave-one-out", 2e-6);
    }
    for await (const { index, decoder } of textDecoders(model, texts)) {
      const { attention, output } = predictions[index]!;
      assertAllClose(decode(decoder, attention), output, `output of ${index}`, 2e-6);
    }
  });
}
