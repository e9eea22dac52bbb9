import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Importance, importance } from "../../src/analysis/importance";
import { type Intervention, intervention } from "../../src/analysis/intervention";
import type { Measure } from "../../src/analysis/measure";
import type { Statistic } from "../../src/analysis/statistic";
import { loadBackend } from "../../src/backend/tensorflow";
import { predict } from "../../src/model/predict";
import { rerun } from "../../src/model/rerun";
import { totalVariation } from "../../src/stats/divergence";
import { assertAllClose } from "../close";
import { examplesIn, runExample } from "../examples";
import { randomExamples, smallModel } from "../model/smallModel";
import { agreements } from "./agreements";
import { linearTexts } from "./decoders";
import { explained } from "./explained";

before(() => loadBackend());

const [text] = randomExamples([6]);
const settings = { permutations: 1, epsilons: [], search: {} };

/** What the examples of a file declare. */
async function declaredIn(path: string, names: Record<string, unknown>): Promise<unknown[]> {
  const examples = examplesIn(path);
  assert.ok(examples.length > 0, path);
  return (await Promise.all(examples.map((code) => runExample(code, names)))).flatMap(Object.values);
}

test("the examples of importances give a number for each word", async () => {
  for (const own of (await declaredIn("analysis/importance.ts", { importance })) as Importance[]) {
    const [values] = await explained(own, smallModel(), [text!]);
    assert.ok(values!.length === 6 && values!.every((value) => value > 0), own.name);
  }
});

test("the examples of interventions give a text another attention", async () => {
  const [one] = linearTexts([6], "example");
  const attended = { ...one!, id: "a", importances: {}, seed: String };
  for (const own of (await declaredIn("analysis/intervention.ts", { intervention })) as Intervention[]) {
    const [{ numbers, attention }] = own.compute([attended], settings) as [ReturnType<typeof own.compute>[number]];
    assert.ok(numbers[`${own.name}Tvd`]! > 0 && numbers[`${own.name}Jsd`]! > 0, own.name);
    assert.notDeepEqual(attention, attended.attention);
  }
});

test("the examples of measures and statistics give a number", async () => {
  const attention = [0.1, 0.2, 0.4, 0.3];
  const [measure] = (await declaredIn("analysis/measure.ts", {})) as [Measure];
  assert.equal(measure.of({ attention, importances: {}, predicted: "a", label: "a", probability: 1 }), 2);
  const [statistic] = (await declaredIn("analysis/statistic.ts", {})) as [Statistic<"sameTop">];
  const found = agreements(statistic, { attention, gradient: [1, 2, 4, 3], leaveOneOut: [4, 3, 2, 1] });
  assert.deepEqual([found[0].value, found[1].value], [1, 0]);
});

test("the example of reruns is leave-one-out", async () => {
  const model = smallModel();
  const declared = await declaredIn("model/rerun.ts", { model, text, predict, rerun, totalVariation });
  const { leaveOneOut } = await import("../../src/analysis/importances/leaveOneOut");
  const [expected] = await explained(leaveOneOut, model, [text!]);
  assertAllClose(declared.at(-1) as number[], expected!, "changes", 2e-6);
});
